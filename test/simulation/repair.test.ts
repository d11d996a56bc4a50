import { describe, expect, test } from "vitest";
import { burstLoss, randomLoss } from "../../lab/network/loss.js";
import type { LinkConditions } from "../../lab/network/simulated-link.js";
import { runScenario } from "../../lab/run-scenario.js";

/** A screen on which something small moves, and a page turns now and then. */
const SCREEN = { kind: "screen", fps: 30, pageBytes: 300_000, pageEveryMs: 5_000 } as const;
const SEEDS = [1, 2, 3];

/** What a viewer may see on a path; both ways are impaired. */
const PATHS: readonly {
  readonly name: string;
  readonly link: LinkConditions;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** In 30 seconds, the first second of a long path included, when nothing is known of it. */
  readonly freezes: number;
}[] = [
  { name: "5 %, 40 ms", link: { delayMs: 20, loss: randomLoss(0.05) }, p50Ms: 45, p95Ms: 90, freezes: 0 },
  {
    name: "10 % in bursts of 3, 40 ms",
    link: { delayMs: 20, loss: burstLoss({ rate: 0.1, meanBurst: 3 }) },
    p50Ms: 60,
    p95Ms: 120,
    freezes: 1,
  },
  { name: "20 %, 40 ms", link: { delayMs: 20, loss: randomLoss(0.2) }, p50Ms: 80, p95Ms: 160, freezes: 1 },
  { name: "2 %, 200 ms", link: { delayMs: 100, loss: randomLoss(0.02) }, p50Ms: 130, p95Ms: 220, freezes: 1 },
  { name: "reordering", link: { delayMs: 15, jitterMs: 30 }, p50Ms: 60, p95Ms: 90, freezes: 0 },
  { name: "clean", link: { delayMs: 10 }, p50Ms: 15, p95Ms: 15, freezes: 0 },
];

describe.each(PATHS)("$name", ({ name, link, p50Ms, p95Ms, freezes }) => {
  test.each([500, 1_400, 4_500])("frames of %i bytes are complete in time", (frameBytes) => {
    for (const seed of SEEDS) {
      const report = runScenario({
        name,
        seed,
        durationMs: 30_000,
        senders: [{ address: "sender", source: { ...SCREEN, frameBytes } }],
        forward: [{ atMs: 0, ...link }],
      });
      expect(report.latencyMs.p50).toBeLessThanOrEqual(p50Ms);
      expect(report.latencyMs.p95).toBeLessThanOrEqual(p95Ms);
      expect(report.freezes).toBeLessThanOrEqual(freezes);
      expect(report).toMatchObject({ framesMissed: 0, framesCorrupt: 0 });
      if (name === "clean") expect(report).toMatchObject({ packetsRequested: 0, packetsRetransmitted: 0, plis: 0 });
    }
  });
});
