import { describe, expect, test } from "vitest";
import { CASES } from "./cases.js";
import { runCongestion } from "./run-congestion.js";

describe.each(CASES.map((entry) => ({ ...entry, name: entry.scenario.name })))("$name", ({ scenario, bounds }) => {
  const run = runCongestion(scenario);

  test.each(bounds)("$what", ({ measure, atLeast, atMost }) => {
    const measured = measure(run);
    if (atLeast !== undefined) expect(measured).toBeGreaterThanOrEqual(atLeast);
    if (atMost !== undefined) expect(measured).toBeLessThanOrEqual(atMost);
  });
});

test("a run repeats exactly", () => {
  const { scenario } = CASES.find(({ scenario }) => scenario.name.startsWith("10 % random loss"))!;
  const measure = (seed: number) =>
    runCongestion({ ...scenario, durationMs: 4_000, seed }).throughputBps("a", 0, 4_000);
  expect(measure(1)).toBe(measure(1));
  expect(measure(1)).not.toBe(measure(2));
});
