import { expect, test } from "vitest";
import { later, millis, seconds } from "../../time.js";
import { LossControl } from "./loss-control.js";

const START = seconds(1_000);

/** Feedback each 50 ms about 50 packets, for some seconds; the target follows the cap. */
function run(
  loss: LossControl,
  durationSeconds: number,
  lossAt: (rateBps: number) => number,
  options: { isQueued?: boolean; wantedBps?: number; from?: number; isApplicationLimited?: boolean } = {},
): { rateBps: number; least: number } {
  const { isQueued = false, wantedBps = 10e6, from = 0, isApplicationLimited = false } = options;
  let rateBps = wantedBps;
  let least = wantedBps;
  for (let ms = 0; ms < durationSeconds * 1_000; ms += 50) {
    rateBps = Math.min(wantedBps, loss.capBps);
    least = Math.min(least, rateBps);
    const lost = 50 * lossAt(rateBps);
    loss.update(later(START, millis(from + ms)), {
      packets: 50,
      lost,
      isQueued,
      targetBps: rateBps,
      acknowledgedBps: rateBps * (1 - lost / 50),
      trainBps: undefined,
      isApplicationLimited,
    });
  }
  return { rateBps, least };
}

test("little loss caps nothing", () => {
  expect(run(new LossControl(), 20, () => 0.015)).toEqual({ rateBps: 10e6, least: 10e6 });
});

test.each([0.05, 0.1, 0.2, 0.3])("random loss of %d without a queue caps nothing for long", (rate) => {
  const loss = new LossControl();
  const { rateBps, least } = run(loss, 20, () => rate);
  expect(rateBps).toBe(10e6);
  expect(least).toBeGreaterThanOrEqual(10e6 * (1 - rate) * 0.9);
  expect(loss.fraction).toBeCloseTo(rate);
});

test("loss that comes with a queue lowers the rate, but not below what gets through", () => {
  const { rateBps } = run(new LossControl(), 10, (rate) => Math.max(1 - 4e6 / rate, 0), { isQueued: true });
  expect(rateBps).toBeLessThan(5e6);
  expect(rateBps).toBeGreaterThan(3e6);
});

test("loss that follows the rate is a policer's", () => {
  const { rateBps } = run(new LossControl(), 20, (rate) => Math.max(1 - 4e6 / rate, 0));
  expect(rateBps).toBeGreaterThan(3e6);
  expect(rateBps).toBeLessThan(5e6);
});

test("losses that end by themselves are no policer's: the cap is gone soon, or as soon as a probe gets through", () => {
  const loss = new LossControl();
  run(loss, 1, () => 0.3);
  expect(run(loss, 4, () => 0, { from: 1_000 }).rateBps).toBe(10e6);

  const stalled = new LossControl();
  run(stalled, 1, () => 0.3, { isQueued: true, wantedBps: 1e6 });
  expect(stalled.hidesCapacity).toBe(true);
  run(stalled, 1.2, () => 0, { from: 1_000, wantedBps: 1e6 });
  expect([stalled.isLimiting, stalled.hidesCapacity]).toEqual([true, false]);
  stalled.onProbe(2e6);
  expect(stalled.isLimiting).toBe(false);
});

test("once random loss is known, only what exceeds it counts", () => {
  const loss = new LossControl();
  run(loss, 10, () => 0.2);
  expect(loss.isCongestion(12, 50)).toBe(false);
  expect(run(loss, 10, () => 0.21, { isQueued: true, from: 10_000 }).rateBps).toBe(10e6);
  expect(run(loss, 10, () => 0.4, { isQueued: true, from: 20_000 }).rateBps).toBeLessThan(8e6);
});

test("a source that sends little is not made to send less", () => {
  const { least } = run(new LossControl(), 10, () => 0.2, { isApplicationLimited: true });
  expect(least).toBe(10e6);
});
