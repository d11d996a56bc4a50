import type { SkippedFrames } from "../core/index.js";
import type { WatchStatistics } from "./watch-types.js";

/** The overlay's lines: what a person wants to know of a stream at a glance. */
export function figureLines(statistics: WatchStatistics): string[] {
  const { glassToGlassMs, roundTripMs, packetsReceived, packetsLost, packetsRepaired } = statistics;
  const expected = packetsReceived + packetsLost;
  const lost = expected === 0 ? 0 : (packetsLost / expected) * 100;
  const { playoutDepthMs, framesHeld, framesSkipped } = statistics;
  return [
    `glass to glass ${inMs(glassToGlassMs)}   round trip ${inMs(roundTripMs)}`,
    `${statistics.shownFps} fps   ${(statistics.bitrateBps / 1e6).toFixed(2)} Mb/s   decode ${inMs(statistics.decodeMs)}`,
    `lost ${lost.toFixed(2)} %   repaired ${packetsRepaired}   frames lost ${statistics.framesLost}`,
    ...(playoutDepthMs === undefined
      ? []
      : [`waited ${inMs(playoutDepthMs)} at most   frames held ${framesHeld ?? 0}`]),
    ...skippedLine(framesSkipped),
  ];
}

/** Says why frames were not shown, once some were not. */
function skippedLine(skipped: SkippedFrames | undefined): string[] {
  const reasons = Object.entries(skipped ?? {}).filter(([, frames]) => frames > 0);
  return reasons.length === 0
    ? []
    : [`skipped: ${reasons.map(([reason, frames]) => `${frames} ${reason}`).join(", ")}`];
}

function inMs(value: number | undefined): string {
  return value === undefined ? "unknown" : `${value.toFixed(1)} ms`;
}
