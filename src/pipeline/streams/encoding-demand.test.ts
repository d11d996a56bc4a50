import { expect, test } from "vitest";
import { EncodingDemand } from "./encoding-demand.js";

function createDemand({ outlierPart = 0.5 } = {}) {
  const told: (number | boolean)[] = [];
  const control = { setBitrate: (bitrate: number) => told.push(bitrate), hold: (on: boolean) => told.push(on) };
  return { told, demand: new EncodingDemand({ startBps: 20e6, outlierPart, control }) };
}

test("the narrowest path sets the bitrate, and small changes are not passed on", () => {
  const { told, demand } = createDemand();
  const [wide, narrow] = [demand.join(), demand.join()];
  wide.limit(20e6);
  narrow.limit(12e6);
  narrow.limit(12.3e6);
  wide.limit(14e6);
  narrow.limit(16e6);
  expect(told).toEqual([false, 12e6, 14e6]);
});

test("a path far narrower than the others does not decide, unless it is to", () => {
  for (const [outlierPart, expected] of [
    [0.5, [false, 10e6]],
    [0, [false, 10e6, 1e6]],
  ] as const) {
    const { told, demand } = createDemand({ outlierPart });
    const [wide, narrow] = [demand.join(), demand.join()];
    wide.limit(10e6);
    narrow.limit(1e6);
    expect(told).toEqual(expected);
  }
});

test("who leaves no longer decides", () => {
  const { told, demand } = createDemand();
  const [wide, narrow] = [demand.join(), demand.join()];
  wide.limit(20e6);
  narrow.limit(12e6);
  narrow.leave();
  expect(told).toEqual([false, 12e6, 20e6]);
});

test("encoding is held while every path is congested or nobody is there, and told so once", () => {
  const { told, demand } = createDemand();
  const [one, two] = [demand.join(), demand.join()];
  one.congested(true);
  expect(told).toEqual([false]);
  two.congested(true);
  two.congested(true);
  one.congested(false);
  expect(told).toEqual([false, true, false]);
  one.leave();
  expect(demand.isHeld).toBe(true);
  two.leave();
  demand.join();
  expect(told).toEqual([false, true, false, true, false]);
});

test("a camera is given no more than its cap, and a path above what any page needs makes nobody an outlier", () => {
  const control = { setBitrate: (bitrateBps: number) => told.push(bitrateBps), hold: () => {} };
  const told: number[] = [];
  let mostBps = Number.POSITIVE_INFINITY;
  const demand = new EncodingDemand({ startBps: 8e6, outlierPart: 0.6, mostBps: () => mostBps, control });
  const wide = demand.join();
  wide.limit(80e6);
  demand.join().limit(15e6);
  expect(told).toEqual([80e6, 15e6]);
  mostBps = 10e6;
  wide.limit(70e6);
  expect(demand.currentBps).toBe(10e6);
});
