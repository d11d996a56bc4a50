/** Weight of a new sample (draft-ietf-rmcat-gcc-02 §5.5: smoothing factor 0.95). */
const GAIN = 0.05;
/** Standard deviations within which the throughput is near the capacity (draft §5.5: three). */
const DEVIATIONS = 3;
/** Bounds of the variance, normalized by the mean, in kb/s (libwebrtc: `LinkCapacityEstimator`). */
const INITIAL_VARIANCE = 0.4;
const MIN_VARIANCE = 0.4;
const MAX_VARIANCE = 2.5;

/** What the path carried when it was overused: near there, the rate grows carefully. */
export class LinkCapacity {
  private meanKbps: number | undefined;
  private variance = INITIAL_VARIANCE;

  /** Whether there is an estimate. */
  get isKnown(): boolean {
    return this.meanKbps !== undefined;
  }

  /** The path is overused while it delivers `throughputBps`. */
  onOveruse(throughputBps: number): void {
    if (this.isBelow(throughputBps) || this.isExceededBy(throughputBps)) this.forget();
    const sampleKbps = throughputBps / 1_000;
    this.meanKbps = this.meanKbps === undefined ? sampleKbps : this.meanKbps + GAIN * (sampleKbps - this.meanKbps);
    const normalized = (this.meanKbps - sampleKbps) ** 2 / Math.max(this.meanKbps, 1);
    const variance = this.variance + GAIN * (normalized - this.variance);
    this.variance = Math.min(Math.max(variance, MIN_VARIANCE), MAX_VARIANCE);
  }

  /** Whether the path carries more than the estimate allows for. */
  isExceededBy(throughputBps: number): boolean {
    return this.meanKbps !== undefined && throughputBps / 1_000 > this.meanKbps + this.margin(this.meanKbps);
  }

  /** The path has changed. */
  forget(): void {
    this.meanKbps = undefined;
    this.variance = INITIAL_VARIANCE;
  }

  private isBelow(throughputBps: number): boolean {
    return this.meanKbps !== undefined && throughputBps / 1_000 < this.meanKbps - this.margin(this.meanKbps);
  }

  private margin(meanKbps: number): number {
    return DEVIATIONS * Math.sqrt(this.variance * meanKbps);
  }
}
