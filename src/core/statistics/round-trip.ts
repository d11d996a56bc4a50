import { type Micros, micros } from "../time.js";

/** Weights of a new sample in the mean and in the variation (RFC 6298 §2). */
const MEAN_GAIN = 1 / 8;
const VARIATION_GAIN = 1 / 4;
/** Samples beyond this come from a peer that reports nonsense. */
const MAX_SAMPLE = 30_000_000;

/** The round trip to a peer, smoothed as in RFC 6298 §2. */
export class RoundTrip {
  private mean: number | undefined;
  private variation = 0;
  private least = Number.POSITIVE_INFINITY;

  /** Takes in a measured round trip. Negative samples (rounding of compact NTP) count as 0. */
  add(sample: Micros): void {
    if (!(sample <= MAX_SAMPLE)) return;
    const value = Math.max(sample, 0);
    if (this.mean === undefined) {
      this.mean = value;
      this.variation = value / 2;
    } else {
      this.variation += VARIATION_GAIN * (Math.abs(value - this.mean) - this.variation);
      this.mean += MEAN_GAIN * (value - this.mean);
    }
    this.least = Math.min(this.least, value);
  }

  /** The smoothed round trip; undefined before the first sample. */
  get smoothed(): Micros | undefined {
    return this.mean === undefined ? undefined : micros(Math.round(this.mean));
  }

  /** {@link smoothed} in milliseconds. */
  get smoothedMs(): number | undefined {
    return this.mean === undefined ? undefined : this.mean / 1_000;
  }

  /** By when an answer is in with few exceptions: the mean plus twice the variation; undefined before the first sample. */
  get upper(): Micros | undefined {
    return this.mean === undefined ? undefined : micros(Math.round(this.mean + 2 * this.variation));
  }

  /** The least sample so far, nearest to the path without queues; undefined before the first. */
  get minimum(): Micros | undefined {
    return this.mean === undefined ? undefined : micros(this.least);
  }
}
