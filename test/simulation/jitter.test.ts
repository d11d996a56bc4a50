import { expect, test } from "vitest";
import { runScenario } from "../../lab/run-scenario.js";

/** Text on which little moves, but for a page of many pictures at the start and after ten seconds. */
const TEXT = { kind: "screen", fps: 30, frameBytes: 700, pageBytes: 1_500_000, pageEveryMs: 10_000 } as const;

test.each([1, 2, 3, 4, 5, 6])("jitter beyond a frame's interval costs neither rate nor frames (seed %i)", (seed) => {
  const report = runScenario({
    name: "jitter",
    seed,
    durationMs: 25_000,
    senders: [{ address: "sender", source: TEXT }],
    mechanisms: { congestion: "gcc", protection: "reed-solomon" },
    forward: [{ atMs: 0, delayMs: 10, jitterMs: 60 }],
  });
  expect(report).toMatchObject({ framesCorrupt: 0, framesMissed: 0, endsUpToDate: true });
  const targets = report.timeline.filter(({ atSeconds }) => atSeconds >= 2).map(({ targetBps }) => targetBps ?? 0);
  expect(Math.min(...targets)).toBeGreaterThan(5e6);
});
