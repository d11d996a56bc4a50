import { expect, test } from "vitest";
import { later, type Micros, micros, millis, seconds } from "../../time.js";
import { RateControl, type RateControlInput } from "./rate-control.js";

const START = seconds(1_000);
const BOUNDS = { startBps: 10e6, leastBps: 150e3, mostBps: 200e6 };
const NORMAL: RateControlInput = {
  usage: "normal",
  acknowledgedBps: 10e6,
  trainBps: undefined,
  isApplicationLimited: false,
  roundTrip: millis(40),
  isQueueEmpty: true,
  isContended: false,
  carriedBps: undefined,
  narrowedToBps: undefined,
  lossSentAt: undefined,
};

/** Feedback each 50 ms. */
function run(rate: RateControl, from: Micros, count: number, input: Partial<RateControlInput> = {}): Micros {
  let now = from;
  for (let i = 0; i < count; i++) {
    rate.update(now, { ...NORMAL, acknowledgedBps: rate.estimateBps, ...input });
    now = later(now, millis(50));
  }
  return now;
}

test("while the capacity is not known the rate grows by 8 % a second", () => {
  const rate = new RateControl(BOUNDS);
  run(rate, START, 21);
  expect(rate.estimateBps).toBeCloseTo(10.8e6, -4);
});

test("the rate grows no further than half beyond what arrives, and is not lowered to that either", () => {
  const rate = new RateControl(BOUNDS);
  run(rate, START, 200, { acknowledgedBps: 1e6 });
  expect(rate.estimateBps).toBe(10e6);
});

test("what a frame was seen to carry is the rate at once, until the capacity is known", () => {
  const rate = new RateControl(BOUNDS);
  run(rate, START, 1, { carriedBps: 30e6 });
  expect(rate.estimateBps).toBeGreaterThanOrEqual(30e6);
  const now = run(rate, later(START, seconds(1)), 1, { usage: "overuse", trainBps: 20e6 });
  run(rate, now, 2, { carriedBps: 40e6 });
  expect(rate.estimateBps).toBeLessThan(21e6);
});

test("a path that carries less than half is followed at once, and one that carries a little less is not", () => {
  const rate = new RateControl(BOUNDS);
  run(rate, START, 1, { narrowedToBps: 6e6 });
  expect(rate.estimateBps).toBeGreaterThan(9.9e6);
  run(rate, later(START, millis(50)), 1, { narrowedToBps: 3e6 });
  expect(rate.estimateBps).toBeCloseTo(2.55e6, -3);
});

test("an overuse takes the rate below what arrives, once in a round trip", () => {
  const rate = new RateControl(BOUNDS);
  run(rate, START, 1, { usage: "overuse", trainBps: 8e6 });
  expect(rate.estimateBps).toBeCloseTo(6.8e6);
  rate.update(later(START, millis(20)), { ...NORMAL, usage: "overuse", trainBps: 6e6 });
  expect(rate.estimateBps).toBeCloseTo(6.8e6);
  rate.update(later(START, millis(40)), { ...NORMAL, usage: "overuse", trainBps: 3e6 });
  expect(rate.estimateBps).toBeCloseTo(2.55e6); // less than half arrives: at once
});

test("near the capacity the rate grows by equal steps", () => {
  const growth = (throughputBps: number) => {
    const rate = new RateControl({ ...BOUNDS, startBps: throughputBps });
    const now = run(rate, START, 1, { usage: "overuse", trainBps: throughputBps });
    const next = run(rate, now, 1);
    const before = rate.estimateBps;
    run(rate, next, 20);
    return rate.estimateBps - before;
  };
  expect(growth(10e6)).toBeCloseTo(growth(5e6), -2);
  expect(growth(10e6)).toBeLessThan(0.3e6);
});

test("a source that sends little keeps its estimate when others fill the queue", () => {
  const rate = new RateControl(BOUNDS);
  run(rate, START, 1, { usage: "overuse", acknowledgedBps: 0.2e6, isApplicationLimited: true });
  expect(rate.estimateBps).toBeCloseTo(9e6);
});

test("beside a flow that fills the queue only loss lowers the rate, once for each event", () => {
  const rate = new RateControl(BOUNDS);
  const now = run(rate, START, 40, { usage: "overuse", isContended: true });
  expect(rate.estimateBps).toBeGreaterThanOrEqual(10e6);
  const before = rate.estimateBps;
  rate.update(now, { ...NORMAL, isContended: true, lossSentAt: micros(now - 30_000) });
  expect(rate.estimateBps).toBeCloseTo(before * 0.7);
  rate.update(later(now, millis(50)), { ...NORMAL, isContended: true, lossSentAt: micros(now - 1_000) });
  expect(rate.estimateBps).toBeGreaterThanOrEqual(before * 0.7);
});
