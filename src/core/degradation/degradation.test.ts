import { expect, test } from "vitest";
import { later, type Micros, millis, seconds } from "../time.js";
import { Degradation, type DegradationObservation, type DegradationPreference } from "./degradation.js";

const START = seconds(1_000);
const FULL_HD = { width: 1_920, height: 1_080, fps: 30 };

/** An encoding that uses all of its target. */
function capped(targetBps: number): DegradationObservation {
  return { ...FULL_HD, targetBps, codedBps: targetBps };
}

/** Observes the same for a while, four times a second. The levels on the way, as "fps/divisor scale". */
function observe(
  degradation: Degradation,
  from: Micros,
  spanMs: number,
  observation: DegradationObservation,
): string[] {
  const changes: string[] = [];
  for (let ms = 0; ms <= spanMs; ms += 250) {
    if (!degradation.update(later(from, millis(ms)), observation)) continue;
    const { fpsDivisor, scale } = degradation.level;
    changes.push(`1/${fpsDivisor} ${scale}`);
  }
  return changes;
}

test.each<[DegradationPreference, string[]]>([
  ["fps", ["1/2 1", "1/3 1", "1/3 0.75", "1/3 0.5"]],
  ["size", ["1/1 0.75", "1/1 0.5", "1/2 0.5", "1/3 0.5"]],
  ["off", []],
])("a path that is far too thin takes %s step by step", (preference, expected) => {
  expect(observe(new Degradation(preference), START, 10_000, capped(50e3))).toEqual(expected);
});

test("no more is given up than the path asks for", () => {
  expect(observe(new Degradation("fps"), START, 10_000, capped(500e3))).toEqual(["1/2 1"]);
  expect(observe(new Degradation("size"), START, 10_000, capped(1e6))).toEqual(["1/1 0.75"]);
  expect(observe(new Degradation("fps"), START, 10_000, capped(3e6))).toEqual([]);
});

test("an encoder that does not use what it may has enough", () => {
  expect(observe(new Degradation("fps"), START, 10_000, { ...capped(200e3), codedBps: 20e3 })).toEqual([]);
});

test("a moment is no reason; what was given up comes back only after a while, and not at the edge", () => {
  const degradation = new Degradation("fps");
  expect(observe(degradation, START, 500, capped(500e3))).toEqual([]);
  expect(observe(degradation, later(START, seconds(1)), 0, capped(5e6))).toEqual([]);
  expect(observe(degradation, later(START, seconds(2)), 1_000, capped(500e3))).toEqual(["1/2 1"]);
  expect(observe(degradation, later(START, seconds(4)), 10_000, capped(760e3))).toEqual([]);
  expect(observe(degradation, later(START, seconds(20)), 3_500, capped(2e6))).toEqual([]);
  expect(observe(degradation, later(START, seconds(24)), 5_000, capped(2e6))).toEqual(["1/1 1"]);
});
