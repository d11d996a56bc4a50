import { expect, test } from "vitest";
import { later, millis, seconds } from "../time.js";
import { BacktrackDetector } from "./backtrack-detector.js";

const START = seconds(1_000);

function lateRun(detector: BacktrackDetector, fromMs: number, sequences: readonly number[]): boolean[] {
  return sequences.map((sequence) => detector.late(later(START, millis(fromMs)), sequence));
}

test("a run of late packets after a pause is the stream itself", () => {
  const detector = new BacktrackDetector();
  detector.onTime(START);
  expect(lateRun(detector, 250, [100, 101, 102, 103])).toEqual([false, false, false, true]);
});

test("duplicates of what just came are not", () => {
  const detector = new BacktrackDetector();
  detector.onTime(START);
  expect(lateRun(detector, 5, [100, 101, 102, 103, 104, 105])).not.toContain(true);
});

test("nor are scattered late packets, or late ones among others", () => {
  const detector = new BacktrackDetector();
  detector.onTime(START);
  expect(lateRun(detector, 900, [100, 103, 104, 107, 100, 101])).not.toContain(true);
  for (let i = 0; i < 50; i++) {
    detector.onTime(later(START, millis(1_000 + i)));
    expect(detector.late(later(START, millis(1_000 + i)), 200 + i)).toBe(false);
  }
});
