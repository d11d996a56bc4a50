import { beforeAll, expect, test } from "vitest";
import { rtpTimestamp, sequenceNumber, serializeRtcp, serializeRtpPacket } from "../../core/index.js";
import { EncryptionWatch } from "./encryption-watch.js";
import { PassphraseKey } from "./passphrase.js";
import { PassphraseReceiver } from "./passphrase-receiver.js";
import { SrtpSession } from "./srtp-session.js";

let key: PassphraseKey;
let other: PassphraseKey;

beforeAll(async () => {
  [key, other] = await Promise.all([PassphraseKey.derive("correct horse"), PassphraseKey.derive("battery staple")]);
});

function media(sequence: number): Uint8Array {
  return serializeRtpPacket({
    payloadType: 96,
    marker: false,
    sequenceNumber: sequenceNumber(sequence),
    timestamp: rtpTimestamp(0),
    ssrc: 7,
    extensions: [],
    payload: new Uint8Array(100),
  });
}

function report(): Uint8Array {
  return serializeRtcp([
    {
      kind: "sender-report",
      ssrc: 7,
      ntp: { seconds: 1, fraction: 2 },
      rtpTimestamp: rtpTimestamp(3),
      packetCount: 1,
      octetCount: 4,
      reports: [],
    },
    { kind: "source-description", chunks: [{ ssrc: 7, items: [{ type: 1, text: "someone" }] }] },
  ]);
}

test("a short passphrase is refused, with what to do", async () => {
  await expect(PassphraseKey.derive("secret")).rejects.toMatchObject({
    code: "invalid-argument",
    message: expect.stringMatching(/6 characters.*8 or more/),
  });
});

test("a passphrase is the same however it is composed, and always gives the same keys", async () => {
  const [composed, decomposed] = await Promise.all([
    PassphraseKey.derive("Müllerei"),
    PassphraseKey.derive("Mu\u0308llerei"),
  ]);
  expect(composed.fixedMasterKey()).toEqual(decomposed.fixedMasterKey());
  expect(Buffer.from(key.fixedMasterKey().key).toString("hex")).toMatchInlineSnapshot(
    `"6d9657f173cd63e4a75bf9061a40d427"`,
  );
});

test("one receiver opens shares of both suites, and answers each under its own key", () => {
  const receiver = new PassphraseReceiver(key);
  const senders = [key.newMasterKey(), key.newMasterKey(), key.fixedMasterKey()].map((each) => new SrtpSession(each));
  for (const [i, sender] of senders.entries()) {
    const remote = `sender ${i}`;
    expect(receiver.protect(report(), remote)).toBeUndefined();
    for (const plain of [media(65_535), report(), media(0)]) {
      expect(receiver.unprotect(sender.protect(plain)!, remote)).toEqual(Buffer.from(plain));
    }
    expect(sender.unprotect(receiver.protect(report(), remote)!)).toEqual(Buffer.from(report()));
  }
});

test("no two shares with one passphrase have a key in common", () => {
  expect(key.newMasterKey().key).not.toEqual(key.newMasterKey().key);
});

test("a share is followed to another address, and does not open with another passphrase", () => {
  const sender = new SrtpSession(key.newMasterKey());
  const receiver = new PassphraseReceiver(key);
  for (let i = 0; i < 100; i++) expect(receiver.unprotect(sender.protect(media(i))!, `moving ${i}`)).toBeDefined();
  const stranger = new PassphraseReceiver(other);
  expect(stranger.unprotect(sender.protect(media(100))!, "a")).toBeUndefined();
  expect(stranger.unprotect(sender.protect(report())!, "a")).toBeUndefined();
});

test.each(["newMasterKey", "fixedMasterKey"] as const)(
  "a stream that cannot be opened is found encrypted: %s",
  (how) => {
    const watch = new EncryptionWatch();
    const sender = new SrtpSession(key[how]());
    const verdicts = Array.from({ length: 6 }, () => {
      const media = watch.observe(new Uint8Array(100), "a");
      return [media, watch.observe(sender.protect(report())!, "a")];
    });
    expect(verdicts.flat().filter((verdict) => verdict !== undefined)).toEqual(["encrypted"]);
  },
);

test("a plain stream is found plain, and nonsense is nothing", () => {
  const watch = new EncryptionWatch();
  expect([watch.observe(report(), "a"), watch.observe(report(), "a")]).toEqual([undefined, "plain"]);
  const nonsense = report();
  nonsense.fill(0x77, 30);
  for (let i = 0; i < 10; i++) expect(watch.observe(nonsense, "b")).toBeUndefined();
});
