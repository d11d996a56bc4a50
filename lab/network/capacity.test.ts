import { later, micros, millis, seconds } from "sightline/core";
import { describe, expect, test } from "vitest";
import { Bottleneck } from "./bottleneck.js";
import { Capacity, type CapacityModel } from "./capacity.js";

const START = seconds(1_000);
const WIFI: CapacityModel = { kind: "wifi", meanMcs: 4, contenders: 2, stallsPerSecond: 0.5 };
const LTE: CapacityModel = {
  kind: "lte",
  bandwidthHz: 10e6,
  meanSnrDb: 12,
  speedMps: 14,
  otherUsers: 1,
  handoversPerMinute: 4,
};

/** The capacity at each 5 ms of a minute, in Mb/s. */
function minute(model: CapacityModel, seed = 1): number[] {
  const capacity = new Capacity(model, { seed, start: START });
  return Array.from({ length: 12_000 }, (_, i) => capacity.spanAt(later(START, millis(5 * i))).bitrateBps / 1e6);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe.each([
  { name: "Wi-Fi", model: WIFI, most: 65 * 0.65, between: [10, 25], still: [0.002, 0.03] },
  { name: "LTE", model: LTE, most: 44, between: [5, 25], still: [0.001, 0.01] },
])("$name", ({ model, most, between, still }) => {
  const drawn = [1, 2, 3, 4].flatMap((seed) => minute(model, seed));

  test("stays within what the radio can do, in the mean and at most", () => {
    expect(Math.max(...drawn)).toBeLessThanOrEqual(most);
    expect(mean(drawn)).toBeGreaterThan(between[0]!);
    expect(mean(drawn)).toBeLessThan(between[1]!);
  });

  test("stands still for a small part of the time", () => {
    const part = drawn.filter((rate) => rate === 0).length / drawn.length;
    expect(part).toBeGreaterThan(still[0]!);
    expect(part).toBeLessThan(still[1]!);
  });

  test("moves slowly: what it is now is close to what it was 10 ms ago", () => {
    const centre = mean(drawn);
    const moves = drawn.slice(2).map((rate, i) => (rate - drawn[i]!) ** 2);
    const spread = drawn.map((rate) => (rate - centre) ** 2);
    expect(mean(moves) / mean(spread)).toBeLessThan(0.6);
  });

  test("repeats with its seed, in whatever order it is asked for", () => {
    expect(minute(model)).toEqual(minute(model));
    expect(minute(model)).not.toEqual(minute(model, 2));
    const capacity = new Capacity(model, { seed: 1, start: START });
    capacity.spanAt(later(START, seconds(30)));
    expect(capacity.spanAt(START).bitrateBps / 1e6).toBe(minute(model)[0]);
  });
});

test("what waits in a bottleneck leaves as fast as its capacity allows just then", () => {
  // 1,000 bytes a millisecond at first, a tenth of it from 10 ms on, nothing from 20 to 30 ms.
  const at = (ms: number) => later(START, millis(ms));
  const bottleneck = new Bottleneck((now) => {
    if (now < at(10)) return { bitrateBps: 8e6, until: at(10) };
    if (now < at(20)) return { bitrateBps: 0.8e6, until: at(20) };
    if (now < at(30)) return { bitrateBps: 0, until: at(30) };
    return { bitrateBps: 8e6, until: at(1_000) };
  });
  const leaves = Array.from({ length: 13 }, () => bottleneck.pass(START, { sizeBytes: 972, queueMs: 25 }));
  expect(leaves.slice(0, 12).map((time) => (time! - START) / 1_000)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 31]);
  expect(leaves[12]).toBeUndefined();
  expect(bottleneck.waitAt(at(5))).toBe(millis(26));
});

test("a path that never carries anything again loses what comes", () => {
  const bottleneck = new Bottleneck((now) => ({ bitrateBps: 0, until: later(now, micros(100_000)) }));
  expect(bottleneck.pass(START, { sizeBytes: 100, queueMs: Number.POSITIVE_INFINITY })).toBeUndefined();
});
