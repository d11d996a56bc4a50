import { describe, expect, test } from "vitest";
import type { LinkStep } from "../../lab/network/simulated-link.js";
import { runScenario } from "../../lab/run-scenario.js";

/** A full page of text that scrolls, as x264 codes it: three frames in ten take five times what the others do. */
const SCROLLING = {
  kind: "scrolling",
  fps: 30,
  frameBytes: 10_000,
  largeBytes: 50_000,
  largePart: 0.3,
  keyframeBytes: 170_000,
} as const;
const DROP_MS = 8_000;

/** 20 Mb/s, which suddenly become far less. */
function narrowing(rateBps: number, seed: number): readonly LinkStep[] {
  const path = { delayMs: 10, queueMs: 200 };
  return [
    { atMs: 0, rateBps: 20e6, ...path },
    // At another moment between two frames for each seed.
    { atMs: DROP_MS + seed * 7, rateBps, ...path },
    { atMs: 14_000, rateBps: 20e6, ...path },
  ];
}

describe.each([
  { rateBps: 3e6, longestPauseMs: 200 },
  { rateBps: 1.5e6, longestPauseMs: 600 },
])("a path of 20 Mb/s that narrows to $rateBps b/s", ({ rateBps, longestPauseMs }) => {
  test.each([1, 2, 3, 4, 5, 6])("stops a page that scrolls once at most (seed %i)", (seed) => {
    const report = runScenario({
      name: "narrowing",
      seed,
      durationMs: 18_000,
      senders: [{ address: "sender", source: SCROLLING }],
      mechanisms: { congestion: "gcc", protection: "reed-solomon" },
      forward: narrowing(rateBps, seed),
    });
    expect(report).toMatchObject({ framesCorrupt: 0, framesHeadless: 0, endsUpToDate: true });
    expect(report.freezes).toBeLessThanOrEqual(1);
    expect(report.longestPauseMs).toBeLessThanOrEqual(longestPauseMs);
    expect(report.latencyMs.p50).toBeLessThanOrEqual(80);
    expect(report.latencyMs.p95).toBeLessThanOrEqual(250);
  });
});
