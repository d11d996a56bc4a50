import fc from "fast-check";
import { expect, test } from "vitest";
import { sequenceNumber } from "../../rtp/index.js";
import { later, micros, millis, seconds } from "../../time.js";
import type { CongestionController } from "../congestion-controller.js";
import { createCongestionController } from "../create-congestion-controller.js";

const START = seconds(1_000);

function controller(): CongestionController {
  return createCongestionController({ kind: "gcc", startBitrateBps: 8e6 });
}

/** A stream of 8 Mb/s over a path of 10 ms, with feedback each 50 ms from `senderSsrc`. */
function run(gcc: CongestionController, seconds: number, senderSsrc = 1): void {
  for (let ms = 0; ms < seconds * 1_000; ms++) {
    const now = later(START, millis(ms));
    gcc.onPacketSent(now, { transportSequenceNumber: sequenceNumber(ms), sizeBytes: 1_000 });
    if (ms % 50 !== 49) continue;
    const packets = Array.from({ length: 50 }, (_, i) => ({
      sequenceNumber: sequenceNumber(ms - 49 + i),
      arrival: millis(ms - 49 + i + 10),
    }));
    gcc.onTransportFeedback(now, {
      kind: "transport-feedback",
      senderSsrc,
      mediaSsrc: 2,
      baseSequenceNumber: packets[0]!.sequenceNumber,
      feedbackCount: 0,
      referenceTime: micros(0),
      packets,
    });
  }
}

test("before any feedback the start bitrate holds, and nothing is probed", () => {
  expect(controller().decision(START)).toMatchObject({ targetBitrateBps: 8e6, pacingRateBps: 12e6, probe: undefined });
});

test("the first feedback asks for a probe at three times the start", () => {
  const gcc = controller();
  run(gcc, 0.06);
  expect(gcc.decision(later(START, millis(60))).probe).toEqual({ id: 1, rateBps: 24e6, bytes: 45_000 });
});

test("without probes a stream that fills its target grows step by step", () => {
  const gcc = controller();
  run(gcc, 5);
  expect(gcc.stats().targetBitrateBps).toBeGreaterThan(9e6);
  expect(gcc.stats().path).toMatchObject({ queueDelayMs: 0, lossFraction: 0, limitedBy: "delay" });
});

test("of two receivers the first is followed", () => {
  const followed = controller();
  run(followed, 1);
  const both = controller();
  run(both, 1);
  both.onTransportFeedback(later(START, seconds(1)), {
    kind: "transport-feedback",
    senderSsrc: 99,
    mediaSsrc: 2,
    baseSequenceNumber: sequenceNumber(990),
    feedbackCount: 0,
    referenceTime: micros(0),
    packets: [{ sequenceNumber: sequenceNumber(999), arrival: seconds(70) }],
  });
  expect(both.stats()).toEqual(followed.stats());
});

test("whatever feedback says, decisions stay within bounds", () => {
  const arrival = fc.option(fc.integer({ min: -1e9, max: 2 ** 24 * 64_000 }), { nil: undefined });
  const message = fc.record({
    base: fc.integer({ min: 0, max: 65_535 }),
    reference: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
    arrivals: fc.array(arrival, { maxLength: 60 }),
    fractionLost: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
      const gcc = controller();
      let sequence = 0;
      let now = START;
      for (const { base, reference, arrivals, fractionLost } of messages) {
        for (let i = 0; i < 40; i++) {
          now = later(now, millis(1));
          gcc.onPacketSent(now, { transportSequenceNumber: sequenceNumber(sequence++), sizeBytes: 1_200 });
        }
        const first = base % 3 === 0 ? base : Math.max(sequence - 50, 0);
        gcc.onTransportFeedback(now, {
          kind: "transport-feedback",
          senderSsrc: 1,
          mediaSsrc: 2,
          baseSequenceNumber: sequenceNumber(first),
          feedbackCount: 0,
          referenceTime: micros(reference * 64_000),
          packets: arrivals.map((at, i) => ({
            sequenceNumber: sequenceNumber(first + i),
            arrival: at === undefined ? undefined : micros(at),
          })),
        });
        gcc.onReceiverReport(now, { fractionLost, roundTrip: undefined });
        const { targetBitrateBps, pacingRateBps, validUntil } = gcc.decision(now);
        expect(targetBitrateBps).toBeGreaterThanOrEqual(150e3);
        expect(targetBitrateBps).toBeLessThanOrEqual(50e6);
        expect(pacingRateBps).toBeGreaterThanOrEqual(150e3);
        expect(pacingRateBps).toBeLessThanOrEqual(500e6);
        expect(validUntil).toBeGreaterThan(now);
      }
    }),
    { numRuns: 100, seed: 1 },
  );
});
