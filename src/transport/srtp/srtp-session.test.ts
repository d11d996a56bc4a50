import { expect, test } from "vitest";
import { type RtcpPacket, rtpTimestamp, sequenceNumber, serializeRtcp, serializeRtpPacket } from "../../core/index.js";
import { SrtpSession } from "./srtp-session.js";
import { KEY_BYTES, SALT_BYTES, SRTP_SUITES, type SrtpMasterKey, type SrtpSuite } from "./suites.js";

function masterKey(suite: SrtpSuite, seed = 1): SrtpMasterKey {
  return { suite, key: new Uint8Array(KEY_BYTES).fill(seed), salt: new Uint8Array(SALT_BYTES[suite]).fill(seed + 1) };
}

function media(index: number, { ssrc = 7, extended = false } = {}): Uint8Array {
  return serializeRtpPacket({
    payloadType: 96,
    marker: false,
    sequenceNumber: sequenceNumber(index),
    timestamp: rtpTimestamp(0),
    ssrc,
    csrcs: extended ? [1, 2] : [],
    extensions: extended ? [{ id: 3, data: Uint8Array.of(1, 2, 3) }] : [],
    payload: new Uint8Array(50).fill(0xa5),
  });
}

function report(packetCount: number): Uint8Array {
  const senderReport: RtcpPacket = {
    kind: "sender-report",
    ssrc: 7,
    ntp: { seconds: 1, fraction: 2 },
    rtpTimestamp: rtpTimestamp(3),
    packetCount,
    octetCount: 4,
    reports: [],
  };
  return serializeRtcp([senderReport, { kind: "pli", senderSsrc: 7, mediaSsrc: 8 }]);
}

/** A sender at the packet with this index: it has sent one of each round of sequence numbers. */
function senderAt(suite: SrtpSuite, index: number): SrtpSession {
  const sender = new SrtpSession(masterKey(suite));
  for (let sent = 0; sent <= index; sent += 0x4000) sender.protect(media(sent));
  return sender;
}

test.each(SRTP_SUITES)("%s: what is protected is unreadable, and opens to what it was", (suite) => {
  const [sender, receiver] = [new SrtpSession(masterKey(suite)), new SrtpSession(masterKey(suite))];
  for (const plain of [
    media(65_535),
    media(65_536),
    media(65_537, { extended: true }),
    report(3),
    media(1, { ssrc: 9 }),
  ]) {
    const sealed = sender.protect(plain)!;
    expect(Buffer.from(sealed).includes(Buffer.from(plain.subarray(-8)))).toBe(false);
    expect(receiver.unprotect(sealed)).toEqual(Buffer.from(plain));
    expect(receiver.unprotect(sealed)).toBeUndefined();
  }
});

test.each(SRTP_SUITES)("%s: a changed bit, another key, a cut packet are refused", (suite) => {
  const sender = new SrtpSession(masterKey(suite));
  for (const plain of [media(1, { extended: true }), report(1)]) {
    const sealed = sender.protect(plain)!;
    const receiver = new SrtpSession(masterKey(suite));
    expect(new SrtpSession(masterKey(suite, 5)).unprotect(sealed)).toBeUndefined();
    for (let at = 0; at < sealed.length; at++) {
      const forged = Uint8Array.from(sealed);
      forged[at]! ^= 0x10;
      expect(receiver.unprotect(forged)).toBeUndefined();
      expect(receiver.unprotect(sealed.subarray(0, at))).toBeUndefined();
    }
    expect(receiver.unprotect(sealed)).toBeDefined();
  }
});

test("packets may come in another order, across the wrap too, but once", () => {
  const [sender, receiver] = [new SrtpSession(masterKey(SRTP_SUITES[0])), new SrtpSession(masterKey(SRTP_SUITES[0]))];
  const sealed = Array.from({ length: 2_048 }, (_, i) => sender.protect(media(65_000 + i))!);
  for (const i of sealed.keys()) expect(receiver.unprotect(sealed[i ^ 0xff]!)).toBeDefined();
  for (const packet of sealed) expect(receiver.unprotect(packet)).toBeUndefined();
});

test("a packet number is never encrypted twice", () => {
  const [sender, receiver] = [new SrtpSession(masterKey(SRTP_SUITES[0])), new SrtpSession(masterKey(SRTP_SUITES[0]))];
  const first = sender.protect(media(10))!;
  receiver.unprotect(sender.protect(media(11))!);
  // Sent again with other header extensions, as a sender does that has no stream for retransmissions.
  const again = sender.protect(media(10, { extended: true }))!;
  expect(again).toEqual(first);
  expect(receiver.unprotect(again)).toEqual(Buffer.from(media(10)));
  expect(sender.protect(media(9))).toBeUndefined();
  for (let sent = 12; sent < 600; sent++) sender.protect(media(sent));
  expect(sender.protect(media(10))).toBeUndefined();
});

test.each(SRTP_SUITES)("%s: who joins late finds the place by the sender's report", (suite) => {
  const late = 300 * 65_536 + 5;
  const sender = senderAt(suite, late);
  const receiver = new SrtpSession(masterKey(suite));
  expect(receiver.unprotect(sender.protect(report(late))!)).toBeDefined();
  expect(receiver.unprotect(sender.protect(media(late + 0x4000))!)).toBeDefined();
});

test("who joins late and hears no report finds the place within a few packets", () => {
  const late = 300 * 65_536;
  const sender = senderAt("AEAD_AES_128_GCM", late);
  const receiver = new SrtpSession(masterKey("AEAD_AES_128_GCM"));
  let tries = 1;
  while (receiver.unprotect(sender.protect(media(late + tries))!) === undefined) tries += 1;
  expect(tries).toBeLessThanOrEqual(20);
});

test("a path that was cut for more than a round of packets comes back", () => {
  const suite = "AEAD_AES_128_GCM";
  const [sender, receiver] = [new SrtpSession(masterKey(suite)), new SrtpSession(masterKey(suite))];
  receiver.unprotect(sender.protect(media(100))!);
  for (let lost = 100; lost < 200_000; lost += 0x4000) sender.protect(media(lost));
  receiver.unprotect(sender.protect(report(200_000))!);
  expect(receiver.unprotect(sender.protect(media(200_000))!)).toBeDefined();
});
