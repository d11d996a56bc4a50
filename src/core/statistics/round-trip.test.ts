import { expect, test } from "vitest";
import { millis } from "../time.js";
import { RoundTrip } from "./round-trip.js";

test("before the first sample the fallback stands in", () => {
  const roundTrip = new RoundTrip();
  expect(roundTrip.known).toBe(false);
  expect(roundTrip.smoothed(millis(50))).toBe(millis(50));
  expect(roundTrip.upper(millis(70))).toBe(millis(70));
  expect(roundTrip.minimum(millis(0))).toBe(0);
});

test("steady samples bring mean and upper bound together", () => {
  const roundTrip = new RoundTrip();
  for (let i = 0; i < 100; i++) roundTrip.add(millis(20));
  expect(roundTrip.smoothed(millis(1))).toBe(millis(20));
  expect(roundTrip.upper(millis(1))).toBe(millis(20));
});

test("variation widens the upper bound and the minimum stays", () => {
  const roundTrip = new RoundTrip();
  for (let i = 0; i < 100; i++) roundTrip.add(millis(i % 2 === 0 ? 10 : 30));
  expect(roundTrip.smoothed(millis(1))).toBeGreaterThan(millis(17));
  expect(roundTrip.smoothed(millis(1))).toBeLessThan(millis(23));
  expect(roundTrip.upper(millis(1))).toBeGreaterThan(millis(35));
  expect(roundTrip.minimum(millis(1))).toBe(millis(10));
});

test("nonsense is ignored and negative samples count as zero", () => {
  const roundTrip = new RoundTrip();
  roundTrip.add(millis(60_000));
  roundTrip.add(millis(Number.NaN));
  expect(roundTrip.known).toBe(false);
  roundTrip.add(millis(-1));
  expect(roundTrip.smoothed(millis(9))).toBe(0);
});
