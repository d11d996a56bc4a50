import { elapsed, type Micros } from "../time.js";

/** What may be sent again at once, whatever the rate: two large page flips lost whole. */
const BURST_BYTES = 1_000_000;
/** Even a slow stream may repair this much: a burst after a pause is soon through. */
const LEAST_RATE_BPS = 5e6;

/** Bounds what is sent again, so that no peer, broken or hostile, can multiply the traffic by asking. */
export class RepairBudget {
  private available = BURST_BYTES;
  private filledAt: Micros | undefined;

  /** Whether `bytes` may be sent again at `now`, while the stream itself is to have `targetBitrateBps`. */
  take(now: Micros, bytes: number, targetBitrateBps: number): boolean {
    if (this.filledAt !== undefined) {
      const bytesPerMicro = Math.max(targetBitrateBps, LEAST_RATE_BPS) / 8_000_000;
      this.available = Math.min(this.available + elapsed(this.filledAt, now) * bytesPerMicro, BURST_BYTES);
    }
    this.filledAt = now;
    if (this.available < bytes) return false;
    this.available -= bytes;
    return true;
  }
}
