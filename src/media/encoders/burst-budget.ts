import type { Micros } from "../../core/index.js";

/** A frame may take this share of what has gathered, so that something is left for what moves beside it and for still tiles. */
const FRAME_SHARE = 0.35;

/**
 * How large the next frame of a screen may be: what the cap has left unused gathers for a while and goes into the page that
 * flips. An encoder's own buffer model counts frames instead of time, and a still screen has none.
 */
export class BurstBudget {
  private rateBps = 0;
  private capacityBits = 0;
  private bits = 0;
  private filledAt: Micros | undefined;

  /**
   * Sets the cap.
   *
   * @param windowMs - so much of it gathers at most
   */
  setRate(rateBps: number, windowMs: number): void {
    const wasFull = this.bits >= this.capacityBits;
    this.rateBps = rateBps;
    this.capacityBits = (rateBps * windowMs) / 1_000;
    this.bits = wasFull ? this.capacityBits : Math.min(this.bits, this.capacityBits);
  }

  /**
   * The most bits for a frame at `now`.
   *
   * @param intervalMs - the least time between two frames: what the cap gives in it is always there
   */
  allowance(now: Micros, intervalMs: number): number {
    const since = Math.max(0, now - (this.filledAt ?? now));
    this.filledAt = now;
    this.bits = Math.min(this.capacityBits, this.bits + (this.rateBps * since) / 1e6);
    return Math.max(this.bits * FRAME_SHARE, (this.rateBps * intervalMs) / 1_000);
  }

  /** A frame took so many bits. What was taken on credit is missing later. */
  spend(bits: number): void {
    this.bits = Math.max(-this.capacityBits, this.bits - bits);
  }
}
