import { describe, expect, test } from "vitest";
import { runScenario } from "../../lab/run-scenario.js";
import { CASES } from "./scenarios.js";

describe.each(CASES.map((entry) => ({ ...entry, name: entry.scenario.name })))(
  "$name",
  ({ scenario, bounds, expected }) => {
    const report = runScenario(scenario);

    test("every frame that is shown is bit for bit what was captured", () => {
      expect(report.framesCorrupt).toBe(0);
      expect(report.shown).not.toEqual([]);
    });

    test("what is seen and spent stays within bounds", () => {
      const measured = {
        firstPictureMs: report.firstPictureMs,
        missedPart: report.framesDue === 0 ? 0 : report.framesMissed / report.framesDue,
        freezes: report.freezes,
        longestPauseMs: report.longestPauseMs,
        latencyP95Ms: report.latencyMs.p95,
        latencyMaxMs: report.latencyMs.max,
        captureTimeErrorMs: report.captureTimeErrorMs,
        requestsPerLoss: report.packetsRequested / Math.max(report.packetsLost, 1),
        packetsRequested: report.packetsRequested,
        packetsRetransmitted: report.packetsRetransmitted,
        plis: report.plis,
      };
      for (const [name, bound] of Object.entries(bounds)) {
        expect.soft(measured[name as keyof typeof measured], name).toBeLessThanOrEqual(bound);
      }
    });

    if (expected !== undefined) {
      test("what must happen does", () => {
        expect(report).toMatchObject(expected);
      });
    }
  },
);

test("a run repeats exactly", () => {
  const { scenario } = CASES.find((entry) => entry.scenario.name === "10 % loss in bursts")!;
  const short = { ...scenario, durationMs: 5_000 };
  expect(runScenario(short)).toEqual(runScenario(short));
  expect(runScenario({ ...short, seed: 2 })).not.toEqual(runScenario(short));
});
