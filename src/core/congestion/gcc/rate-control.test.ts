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
  capacityBps: undefined,
  lossFraction: 0,
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

test("beside a flow that fills the queue it keeps a third of the capacity, at next to no price for single losses", () => {
  const contended = { isContended: true, isQueueEmpty: false, capacityBps: 18e6 };
  const rate = new RateControl(BOUNDS);
  let now = run(rate, START, 40, { ...contended, usage: "overuse" });
  expect(rate.estimateBps).toBeCloseTo(6e6);
  rate.update(now, { ...NORMAL, ...contended, usage: "overuse", narrowedToBps: 1e6 });
  expect(rate.estimateBps).toBeCloseTo(6e6);

  const reached = new RateControl({ ...BOUNDS, startBps: 2e6 });
  run(reached, START, 1);
  now = run(reached, later(START, millis(50)), 600, { ...contended, usage: "overuse" });
  expect(reached.estimateBps).toBeGreaterThan(5.5e6); // though it had less before: nothing is lost

  const before = reached.estimateBps;
  reached.update(now, { ...NORMAL, ...contended, lossSentAt: micros(now - 30_000) });
  expect(reached.estimateBps).toBeGreaterThan(before * 0.97);
  now = later(now, seconds(1));
  reached.update(now, { ...NORMAL, ...contended, lossFraction: 0.05, lossSentAt: micros(now - 30_000) });
  expect(reached.estimateBps).toBeLessThan(before * 0.9);
});
