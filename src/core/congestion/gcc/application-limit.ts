import { type Micros, millis } from "../../time.js";

/** A source that uses less than this part of the target is limited by itself (libwebrtc: `bandwidth_usage_ratio` 0.65). */
const USED_PART = 0.65;
/** What is sent is averaged over about this time: several frames of a slow source. */
const WINDOW = millis(500);
/** What leaves is no more than was decided, but for the measure's own lag. */
const KEPT_TO = 1.1;

/** Tells whether the source sends far less than it may (libwebrtc: application limited region, `AlrDetector`). */
export class ApplicationLimit {
  private bytes = 0;
  private updatedAt: Micros | undefined;
  /** Averaged like what is sent. */
  private target: { averageBps: number; at: Micros } | undefined;

  /** A packet of the source left. */
  onSent(now: Micros, sizeBytes: number): void {
    this.decay(now);
    this.bytes += sizeBytes;
  }

  /** What the source sends. */
  sentBps(now: Micros): number {
    this.decay(now);
    return (this.bytes * 8_000_000) / WINDOW;
  }

  /** Whether that is far below `targetBps`. */
  isLimited(now: Micros, targetBps: number): boolean {
    return this.sentBps(now) < targetBps * USED_PART;
  }

  /** Whether it has sent no more than it was told to, now that `targetBps` is what it is told. */
  keepsTo(now: Micros, targetBps: number): boolean {
    this.target ??= { averageBps: targetBps, at: now };
    const { target } = this;
    const past = Math.exp((target.at - now) / WINDOW);
    target.averageBps = target.averageBps * past + targetBps * (1 - past);
    target.at = now;
    return this.sentBps(now) <= target.averageBps * KEPT_TO;
  }

  private decay(now: Micros): void {
    if (this.updatedAt !== undefined && now > this.updatedAt) {
      this.bytes *= Math.exp((this.updatedAt - now) / WINDOW);
    }
    this.updatedAt = now;
  }
}
