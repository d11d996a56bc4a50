import fc from "fast-check";
import { expect, test } from "vitest";
import { TestFrames } from "../../lab/endpoints/test-frames.js";
import {
  DEFAULT_EXTENSION_MAP,
  type Micros,
  micros,
  parseRtpPacket,
  type RtcpPacket,
  RtpSender,
  SeededRng,
  type SequenceNumber,
  seconds,
  sequenceNumber,
  serializeRtcp,
} from "../../src/core/index.js";
import { HostileTraffic } from "./hostile-traffic.js";
import { retainedSize } from "./retained-size.js";

const START = seconds(1_700_000_000);
const FRAME_INTERVAL = micros(33_333);
const FRAMES = 100;
const HOSTILE_PER_FRAME = 200;
const TARGET_BPS = 2e6;
/** What may be sent again beyond the target bitrate: the repair budget's burst and its least rate. */
const REPAIR_BURST_BYTES = 1_000_000;
const REPAIR_BPS = 5e6;

test("no feedback stops a sender, makes it grow, or multiplies its traffic", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const rng = new SeededRng(seed);
      const hostile = new HostileTraffic(rng);
      const frames = new TestFrames(seed);
      const [ssrc, rtxSsrc] = [rng.uint32(), rng.uint32()];
      const sender = new RtpSender({
        codec: "h264",
        ssrc,
        rtxSsrc,
        payloadType: 96,
        rtxPayloadType: 97,
        extensions: DEFAULT_EXTENSION_MAP,
        cname: "good",
        rng,
        bitrateBps: TARGET_BPS,
      });
      let now: Micros = START;
      let newest: SequenceNumber = sequenceNumber(0);
      const bytes = { media: 0, repair: 0, rtcp: 0 };
      let framesEnded = 0;
      for (let i = 0; i < FRAMES; i++) {
        sender.handleInput(now, {
          kind: "frame",
          frame: frames.make({ captureTime: now, keyframe: i === 0, size: 3_000 }),
        });
        for (let sent = 0; sent <= HOSTILE_PER_FRAME; sent++) {
          for (let output = sender.pollOutput(now); output.kind !== "timeout"; output = sender.pollOutput(now)) {
            if (output.kind !== "transmit") continue;
            const packet = parseRtpPacket(output.datagram);
            if (packet?.payloadType === 96) {
              bytes.media += output.datagram.length;
              newest = packet.sequenceNumber;
              if (packet.marker) framesEnded += 1;
            } else if (packet?.payloadType === 97) bytes.repair += output.datagram.length;
            else bytes.rtcp += output.datagram.length;
          }
          now = micros(now + FRAME_INTERVAL / (HOSTILE_PER_FRAME + 1));
          sender.handleInput(now, { kind: "datagram", datagram: hostileFeedback(hostile, { ssrc, newest }) });
        }
      }
      expect(framesEnded).toBe(FRAMES);
      const durationSeconds = (now - START) / 1e6;
      expect(bytes.repair).toBeLessThan(1.2 * (REPAIR_BURST_BYTES + (durationSeconds * REPAIR_BPS) / 8));
      expect(bytes.rtcp).toBeLessThan(durationSeconds * 20_000);
      const { objects } = retainedSize(sender);
      expect(objects).toBeLessThan(20_000);
      expect(sender.stats(now).receivers.length).toBeLessThanOrEqual(64);
    }),
    { numRuns: 10, seed: 20_240_607, endOnFailure: true },
  );
});

/** Feedback of a receiver that asks for everything, reports nonsense, or is many. */
function hostileFeedback(
  hostile: HostileTraffic,
  { ssrc, newest }: { ssrc: number; newest: SequenceNumber },
): Uint8Array {
  const senderSsrc = hostile.integer(1_000);
  const about = { senderSsrc, mediaSsrc: ssrc };
  const lost = Array.from({ length: 64 }, (_, i) => sequenceNumber(newest - 63 + i));
  const reference = { seconds: hostile.integer(2 ** 32), fraction: hostile.integer(2 ** 32) };
  const packets: readonly RtcpPacket[] = [
    { kind: "nack", ...about, lost },
    { kind: "pli", ...about },
    { kind: "fir", ...about, requests: [{ ssrc, commandSequence: hostile.integer(256) }] },
    { kind: "extended-report", ssrc: senderSsrc, blocks: [{ kind: "rrtr", ntp: reference }] },
    { kind: "goodbye", ssrcs: [hostile.integer(1_000)] },
    {
      kind: "receiver-report",
      ssrc: senderSsrc,
      reports: [
        {
          ssrc,
          fractionLost: 1,
          packetsLost: hostile.integer(2 ** 23),
          highestSequence: hostile.integer(2 ** 32),
          jitter: hostile.integer(2 ** 32),
          lastSr: hostile.integer(2 ** 32),
          delaySinceLastSr: micros(hostile.integer(2 ** 32)),
        },
      ],
    },
  ];
  const datagram = serializeRtcp([packets[hostile.integer(packets.length)]!]);
  switch (hostile.integer(4)) {
    case 0:
      return hostile.random();
    case 1:
      return hostile.mutated(datagram);
    case 2:
      return hostile.truncated(datagram);
    default:
      return datagram;
  }
}
