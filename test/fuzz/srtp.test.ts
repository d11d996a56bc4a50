import fc from "fast-check";
import { expect, test } from "vitest";
import { rtpTimestamp, SeededRng, sequenceNumber, serializeRtcp, serializeRtpPacket } from "../../src/core/index.js";
import { EncryptionWatch, PassphraseKey, PassphraseReceiver, SrtpSession } from "../../src/transport/srtp/index.js";
import { HostileTraffic } from "./hostile-traffic.js";
import { retainedSize } from "./retained-size.js";

const GOOD = "192.0.2.1:5004";
const PACKETS = 150;
const HOSTILE_PER_PACKET = 20;
const RUNS = 3;

const key = await PassphraseKey.derive("four random words");
const stranger = await PassphraseKey.derive("four other words");

function media(index: number): Uint8Array {
  return serializeRtpPacket({
    payloadType: 96,
    marker: false,
    sequenceNumber: sequenceNumber(index),
    timestamp: rtpTimestamp(index),
    ssrc: 7,
    extensions: [{ id: 3, data: Uint8Array.of(1, 2) }],
    payload: new Uint8Array(200).fill(index),
  });
}

function report(packetCount: number): Uint8Array {
  const ntp = { seconds: packetCount, fraction: 0 };
  const rtp = rtpTimestamp(0);
  return serializeRtcp([
    { kind: "sender-report", ssrc: 7, ntp, rtpTimestamp: rtp, packetCount, octetCount: 0, reports: [] },
  ]);
}

/** What an attacker makes of a packet that it saw, or of nothing. */
function hostileDatagram(hostile: HostileTraffic, seen: Uint8Array): Uint8Array {
  switch (hostile.integer(6)) {
    case 0:
      return hostile.random();
    case 1:
      return hostile.truncated(seen);
    case 2:
      return hostile.withWrongSsrc(seen);
    case 3:
      return hostile.withWildSequence(seen);
    case 4:
      return seen; // again
    default:
      return hostile.mutated(seen);
  }
}

test.each(["newMasterKey", "fixedMasterKey"] as const)(
  "forged and repeated packets open nothing, cost no memory, and stop no good stream: %s",
  { timeout: 60_000 },
  (how) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const hostile = new HostileTraffic(new SeededRng(seed));
        const sender = new SrtpSession(key[how]());
        const receiver = new PassphraseReceiver(key);
        const watch = new EncryptionWatch();
        // The attackers come first, and the stream has been running for a while.
        for (let sent = 0; sent < 200_000; sent += 0x4000) sender.protect(media(sent));
        let seen: Uint8Array = new SrtpSession(stranger.newMasterKey()).protect(media(1))!;
        let opened = 0;
        for (let index = 1; index <= PACKETS; index++) {
          for (let i = 0; i < HOSTILE_PER_PACKET; i++) {
            const remote = hostile.integer(2) === 0 ? GOOD : `198.51.100.${hostile.integer(256)}:${hostile.integer(9)}`;
            const datagram = hostileDatagram(hostile, seen);
            watch.observe(datagram, remote);
            expect(receiver.unprotect(datagram, remote)).toBeUndefined();
          }
          const plain = index % 10 === 1 ? report(200_000) : media(200_000 + index);
          seen = sender.protect(plain)!;
          const result = receiver.unprotect(seen, GOOD);
          if (result === undefined) continue;
          expect(Buffer.compare(result, plain)).toBe(0);
          opened += 1;
        }
        // The first report tells the place.
        expect(opened).toBe(PACKETS);
        const { objects, bytes } = retainedSize([receiver, watch]);
        expect(objects).toBeLessThan(5_000);
        expect(bytes).toBeLessThan(500_000);
      }),
      { numRuns: RUNS, seed: 20_240_607, endOnFailure: true },
    );
  },
);
