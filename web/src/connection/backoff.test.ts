import { expect, test } from "vitest";
import { backoffMs } from "./backoff.js";

test("waits double up to five seconds", () => {
  const waits = [1, 2, 3, 4, 5, 6, 40].map((attempt) => backoffMs(attempt, 0.5));
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
});

test("viewers spread over a quarter to either side", () => {
  expect(backoffMs(3, 0)).toBe(750);
  expect(backoffMs(3, 1)).toBe(1_250);
});
