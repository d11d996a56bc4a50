import { expect, test } from "vitest";
import { sequenceNumber } from "../rtp/index.js";
import { millis, NEVER, seconds } from "../time.js";
import { createCongestionController } from "./create-congestion-controller.js";

const START = seconds(1_000);

test("the fixed controller keeps its bitrate whatever it is told", () => {
  const controller = createCongestionController({ kind: "fixed", bitrateBps: 8e6 });
  const before = controller.decision(START);
  controller.onPacketSent(START, { transportSequenceNumber: sequenceNumber(1), sizeBytes: 1_200 });
  controller.onReceiverReport(START, { fractionLost: 0.5, roundTrip: millis(300) });
  expect(controller.decision(seconds(1_100))).toEqual(before);
  expect(before).toMatchObject({ targetBitrateBps: 8e6, validUntil: NEVER });
  expect(controller.stats()).toEqual({ targetBitrateBps: 8e6, pacingRateBps: before.pacingRateBps });
});

test("pacing is far above the target, and fast for slow streams too", () => {
  const pacing = (bitrateBps: number) =>
    createCongestionController({ kind: "fixed", bitrateBps }).decision(START).pacingRateBps;
  expect(pacing(1e6)).toBe(100e6);
  expect(pacing(50e6)).toBe(250e6);
});
