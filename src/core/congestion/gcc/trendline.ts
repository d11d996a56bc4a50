import { elapsed, toMillis } from "../../time.js";
import type { ArrivalGroup } from "./arrival-groups.js";

/** Samples that the line is fitted to (libwebrtc: `kDefaultTrendlineWindowSize`). */
const WINDOW = 20;
/** A line through fewer is a guess. */
const LEAST_SAMPLES = 10;
/** Older samples tell of another time: after a pause the line starts anew. */
const MAX_AGE_MS = 1_000;
/** Weight of what was before in the smoothed delay (libwebrtc: `kDefaultTrendlineSmoothingCoeff`). */
const SMOOTHING = 0.9;
/** Brings the slope to the scale of the threshold (libwebrtc: `kDefaultTrendlineThresholdGain`). */
const GAIN = 4;
/** Samples until the trend counts in full (libwebrtc: `kMinNumDeltas`). */
const FULL_COUNT = 60;

interface Sample {
  /** Arrival, from the first one on. */
  readonly x: number;
  /** Smoothed delay over that of the first sample. */
  readonly y: number;
}

/**
 * Fits a line to the smoothed delays of the last groups: its slope is (rate − capacity) / capacity of the bottleneck while
 * a queue builds up. libwebrtc's replacement of the Kalman filter of draft-ietf-rmcat-gcc-02 §5.3.
 */
export class Trendline {
  private readonly samples: Sample[] = [];
  private first: ArrivalGroup | undefined;
  private smoothedMs = 0;
  private count = 0;

  /** Takes in a group; the slope scaled for the detector, in milliseconds as `m` of the draft is; 0 while unknown. */
  update(group: ArrivalGroup): number {
    this.first ??= group;
    this.count = Math.min(this.count + 1, FULL_COUNT);
    const delayMs = toMillis(elapsed(this.first.delay, group.delay));
    const x = toMillis(elapsed(this.first.arrival, group.arrival));
    const { samples } = this;
    while (samples.length > 0 && x - samples[0]!.x > MAX_AGE_MS) samples.shift();
    // After a pause, what was smoothed before is not what the delay starts from now.
    this.smoothedMs = samples.length === 0 ? delayMs : SMOOTHING * this.smoothedMs + (1 - SMOOTHING) * delayMs;
    samples.push({ x, y: this.smoothedMs });
    if (samples.length > WINDOW) samples.shift();
    if (samples.length < LEAST_SAMPLES) return 0;
    return slope(samples) * GAIN * this.count * (samples.length / WINDOW);
  }
}

/** Of the line of least squares; 0 if the samples do not spread. */
function slope(samples: readonly Sample[]): number {
  let sumX = 0;
  let sumY = 0;
  for (const { x, y } of samples) {
    sumX += x;
    sumY += y;
  }
  const meanX = sumX / samples.length;
  const meanY = sumY / samples.length;
  let covariance = 0;
  let variance = 0;
  for (const { x, y } of samples) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  return variance === 0 ? 0 : covariance / variance;
}
