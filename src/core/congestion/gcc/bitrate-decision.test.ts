import { expect, test } from "vitest";
import { micros, millis } from "../../time.js";
import { type BitrateBounds, decideBitrate } from "./bitrate-decision.js";

const BOUNDS: BitrateBounds = {
  answering: "feedback",
  startBitrateBps: 8e6,
  minBitrateBps: 150e3,
  maxBitrateBps: 50e6,
  unansweredBitrateBps: 6e6,
  estimateBps: 20e6,
  isCapacityKnown: false,
  ceilingBps: 200e6,
  lossCapBps: Number.POSITIVE_INFINITY,
  queueDelay: micros(0),
  silenceFactor: 1,
};

test.each([
  [{}, { targetBps: 20e6, limitedBy: "delay" }],
  [{ estimateBps: 90e6 }, { targetBps: 50e6, limitedBy: "configured" }],
  [{ lossCapBps: 7e6 }, { targetBps: 7e6, limitedBy: "loss" }],
  [{ queueDelay: millis(15) }, { targetBps: 20e6, limitedBy: "delay" }],
  [{ queueDelay: millis(75) }, { targetBps: 16e6, limitedBy: "queue" }],
  [{ queueDelay: millis(900) }, { targetBps: 8e6, limitedBy: "queue" }],
  [
    { estimateBps: 180e6, queueDelay: millis(75) },
    { targetBps: 50e6, limitedBy: "queue" },
  ],
  [{ silenceFactor: 0.25 }, { targetBps: 5e6, limitedBy: "silence" }],
  [{ estimateBps: 1e3 }, { targetBps: 150e3, limitedBy: "delay" }],
  [{ answering: "awaited" }, { targetBps: 8e6, limitedBy: "delay" }],
  [
    { answering: "reports", lossCapBps: 3e6 },
    { targetBps: 3e6, limitedBy: "loss" },
  ],
  [{ answering: "nobody" }, { targetBps: 6e6, limitedBy: "silence" }],
] as const)("of %o follows %o", (bounds, expected) => {
  expect(decideBitrate({ ...BOUNDS, ...bounds })).toMatchObject(expected);
});

test("pacing is fast where nothing is known, near the capacity where that is known, and a LAN's on a LAN", () => {
  const pacing = (bounds: Partial<BitrateBounds>) => decideBitrate({ ...BOUNDS, ...bounds }).pacingBps;
  expect(pacing({})).toBe(30e6);
  expect(pacing({ isCapacityKnown: true })).toBe(25e6);
  expect(pacing({ isCapacityKnown: true, lossCapBps: 4e6 })).toBe(5e6);
  expect(pacing({ estimateBps: 195e6 })).toBe(400e6);
});
