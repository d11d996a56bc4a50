import { expect, test } from "vitest";
import { millis } from "../time.js";
import { RoundTrip } from "./round-trip.js";

test("before the first sample nothing is known", () => {
  const { smoothed, smoothedMs, upper, minimum } = new RoundTrip();
  expect([smoothed, smoothedMs, upper, minimum]).toEqual([undefined, undefined, undefined, undefined]);
});

test("steady samples bring mean and upper bound together", () => {
  const roundTrip = new RoundTrip();
  for (let i = 0; i < 100; i++) roundTrip.add(millis(20));
  expect(roundTrip.smoothed).toBe(millis(20));
  expect(roundTrip.upper).toBe(millis(20));
});

test("variation widens the upper bound and the minimum stays", () => {
  const roundTrip = new RoundTrip();
  for (let i = 0; i < 100; i++) roundTrip.add(millis(i % 2 === 0 ? 10 : 30));
  expect(roundTrip.smoothed).toBeGreaterThan(millis(17));
  expect(roundTrip.smoothed).toBeLessThan(millis(23));
  expect(roundTrip.upper).toBeGreaterThan(millis(35));
  expect(roundTrip.minimum).toBe(millis(10));
});

test("nonsense is ignored and negative samples count as zero", () => {
  const roundTrip = new RoundTrip();
  roundTrip.add(millis(60_000));
  roundTrip.add(millis(Number.NaN));
  expect(roundTrip.smoothed).toBeUndefined();
  roundTrip.add(millis(-1));
  expect(roundTrip.smoothed).toBe(0);
});
