import { expect, test } from "vitest";
import { createFecDecoder } from "../fec/index.js";
import { SeededRng } from "../random.js";
import type { TransportFeedback } from "../rtcp/index.js";
import { type RtpPacket, rtpTimestamp, sequenceNumber } from "../rtp/index.js";
import { later, micros, millis, seconds } from "../time.js";
import { SenderProtection } from "./sender-protection.js";

const START = seconds(1_700_000_000);
const MEDIA_SSRC = 7;
const PATH = { roundTripUpper: millis(45), isCongested: false, newestSent: sequenceNumber(20_000) };

function frame(first: number, count: number): RtpPacket[] {
  return Array.from({ length: count }, (_, i) => ({
    payloadType: 96,
    marker: i === count - 1,
    sequenceNumber: sequenceNumber(first + i),
    timestamp: rtpTimestamp(first),
    ssrc: MEDIA_SSRC,
    extensions: [],
    payload: new Uint8Array(500).fill(first + i),
  }));
}

/** A second of feedback on 10 packets each 100 ms. */
function aSecond(protection: SenderProtection, fromMs: number, fates: string, senderSsrc = 1, path = PATH): void {
  for (let ms = fromMs; ms < fromMs + 1_000; ms += 100) {
    const feedback: TransportFeedback = {
      kind: "transport-feedback",
      senderSsrc,
      mediaSsrc: MEDIA_SSRC,
      baseSequenceNumber: sequenceNumber(ms / 10),
      feedbackCount: 0,
      referenceTime: micros(0),
      packets: [...fates].map((fate, i) => ({
        sequenceNumber: sequenceNumber(ms / 10 + i),
        arrival: fate === "x" ? undefined : START,
      })),
    };
    protection.onFeedback(later(START, millis(ms)), feedback, path);
  }
}

function createProtection(): SenderProtection {
  return new SenderProtection({ ssrc: 8, payloadType: 118, mediaSsrc: MEDIA_SSRC, rng: new SeededRng(1) });
}

test("nothing is sent for a clean path, nor before anything is known", () => {
  const protection = createProtection();
  expect(protection.protect(START, frame(0, 10))).toEqual([]);
  aSecond(protection, 0, "..........");
  expect(protection.protect(later(START, millis(1_000)), frame(10, 10))).toEqual([]);
  expect(protection.repairShare).toBe(0);
});

test("once packets are lost, a frame can be rebuilt from its repair packets", () => {
  const protection = createProtection();
  aSecond(protection, 0, "..x.......");
  const packets = frame(100, 4);
  const repairs = protection.protect(later(START, millis(1_000)), packets);
  expect(repairs.length).toBeGreaterThanOrEqual(1);
  expect(repairs[0]).toMatchObject({ ssrc: 8, payloadType: 118, csrcs: [MEDIA_SSRC] });
  expect(protection.repairShare).toBeGreaterThan(0);
  const decoder = createFecDecoder({ scheme: "reed-solomon" }, { mediaSsrc: MEDIA_SSRC });
  for (const packet of packets.slice(0, -1)) decoder.onMedia(packet);
  expect(decoder.newestProtected).toBeUndefined();
  expect(decoder.onRepair(repairs[0]!)).toMatchObject([{ sequenceNumber: packets.at(-1)!.sequenceNumber }]);
  expect(decoder.newestProtected).toBe(packets.at(-1)!.sequenceNumber);
});

test("of several receivers, the one that loses most decides", () => {
  const protection = createProtection();
  aSecond(protection, 0, "..x..x....", 1);
  aSecond(protection, 1_000, "..........", 2);
  aSecond(protection, 1_000, "..x..x....", 1);
  expect(protection.protect(later(START, millis(2_000)), frame(10, 10)).length).toBeGreaterThan(0);
});

test("what a full queue loses calls for no redundancy", () => {
  const protection = createProtection();
  aSecond(protection, 0, "..x..x....", 1, { ...PATH, isCongested: true });
  expect(protection.protect(later(START, millis(1_000)), frame(10, 10))).toEqual([]);
});
