import type { MediaStatistics, Spread } from "./protocol.js";

/** Gathers what {@link MediaStatistics} tells of a second. */
export class StatisticsWindow {
  framesCaptured = 0;
  framesEncoded = 0;
  framesDropped = 0;
  readonly captureMs: number[] = [];
  readonly convertMs: number[] = [];
  readonly encodeMs: number[] = [];

  /** The figures since the last call; starts the next window. */
  take(): MediaStatistics {
    const { framesCaptured, framesEncoded, framesDropped } = this;
    this.framesCaptured = 0;
    this.framesEncoded = 0;
    this.framesDropped = 0;
    return {
      framesCaptured,
      framesEncoded,
      framesDropped,
      capture: takeSpread(this.captureMs),
      convert: takeSpread(this.convertMs),
      encode: takeSpread(this.encodeMs),
    };
  }
}

function takeSpread(samples: number[]): Spread {
  const sorted = samples.splice(0).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}
