import { elapsed, type Micros } from "../time.js";

/** What may be sent again at once: what the stream sends in this time, which is a large page flip lost whole, */
const BURST_SECONDS = 0.5;
/** but within these bounds: a keyframe even of a slow stream, and two of the largest flips. */
const LEAST_BURST_BYTES = 100_000;
const MOST_BURST_BYTES = 1_000_000;
/** Even a slow stream may repair this much: a burst after a pause is soon through. */
const LEAST_RATE_BPS = 1e6;

/** Bounds what is sent again, so that no peer, broken or hostile, can multiply the traffic by asking. */
export class RepairBudget {
  private available = MOST_BURST_BYTES;
  private filledAt: Micros | undefined;

  /** Whether `bytes` may be sent again at `now`, while the stream itself is to have `targetBitrateBps`. */
  take(now: Micros, bytes: number, targetBitrateBps: number): boolean {
    const rateBytes = Math.max(targetBitrateBps, LEAST_RATE_BPS) / 8;
    const refill = this.filledAt === undefined ? 0 : (elapsed(this.filledAt, now) / 1e6) * rateBytes;
    const burstBytes = Math.min(Math.max(rateBytes * BURST_SECONDS, LEAST_BURST_BYTES), MOST_BURST_BYTES);
    this.available = Math.min(this.available + refill, burstBytes);
    this.filledAt = now;
    if (this.available < bytes) return false;
    this.available -= bytes;
    return true;
  }
}
