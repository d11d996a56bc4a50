import { elapsed, type Micros, toMillis } from "../../time.js";

/** What the delay says: `overuse`, a queue builds up; `underuse`, one empties. */
export type BandwidthUsage = "normal" | "overuse" | "underuse";

/** Where the threshold starts, and its bounds (draft-ietf-rmcat-gcc-02 §5.4: `del_var_th`). */
const INITIAL_THRESHOLD_MS = 12.5;
const MIN_THRESHOLD_MS = 6;
const MAX_THRESHOLD_MS = 600;
/** How fast the threshold follows the trend up and down, a millisecond (libwebrtc: `k_up_`, `k_down_`). */
const GAIN_UP = 0.0087;
const GAIN_DOWN = 0.039;
/** The threshold does not follow what lies so far beyond it: a sudden drop of capacity (libwebrtc: `kMaxAdaptOffsetMs`). */
const MAX_ADAPT_OFFSET_MS = 15;
const MAX_ADAPT_INTERVAL_MS = 100;
/** How long the trend must stay above (draft §5.4: `overuse_time_th`). */
const OVERUSE_TIME_MS = 10;

/**
 * Compares the trend of the delay with a threshold that follows it slowly: a threshold that stood still would give way to
 * every TCP flow on the path (draft-ietf-rmcat-gcc-02 §5.4).
 */
export class OveruseDetector {
  private thresholdMs = INITIAL_THRESHOLD_MS;
  private usage: BandwidthUsage = "normal";
  private previousTrend = 0;
  private previousSentAt: Micros | undefined;
  /** How long the trend has been above the threshold; undefined while it is not. */
  private aboveMs: number | undefined;

  /** What the scaled trend means. `sentAt` is that of the group which it is up to. */
  update(trend: number, sentAt: Micros): BandwidthUsage {
    const sinceLastMs = this.previousSentAt === undefined ? 0 : toMillis(elapsed(this.previousSentAt, sentAt));
    this.previousSentAt = sentAt;
    if (trend > this.thresholdMs) {
      const isFirst = this.aboveMs === undefined;
      // The trend rose above the threshold somewhere between the last two samples.
      this.aboveMs = isFirst ? sinceLastMs / 2 : this.aboveMs! + sinceLastMs;
      if (!isFirst && this.aboveMs > OVERUSE_TIME_MS && trend >= this.previousTrend) {
        this.aboveMs = 0;
        this.usage = "overuse";
      }
    } else {
      this.aboveMs = undefined;
      this.usage = trend < -this.thresholdMs ? "underuse" : "normal";
    }
    this.previousTrend = trend;
    this.adapt(Math.abs(trend), Math.min(Math.max(sinceLastMs, 0), MAX_ADAPT_INTERVAL_MS));
    return this.usage;
  }

  private adapt(magnitude: number, intervalMs: number): void {
    if (magnitude > this.thresholdMs + MAX_ADAPT_OFFSET_MS) return;
    const gain = magnitude < this.thresholdMs ? GAIN_DOWN : GAIN_UP;
    const step = Math.min(gain * intervalMs, 1);
    const adapted = this.thresholdMs + step * (magnitude - this.thresholdMs);
    this.thresholdMs = Math.min(Math.max(adapted, MIN_THRESHOLD_MS), MAX_THRESHOLD_MS);
  }
}
