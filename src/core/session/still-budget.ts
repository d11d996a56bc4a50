import { elapsed, later, type Micros, micros, millis } from "../time.js";

/** Of what the path carries, stills take at most this part: what is left lets a queue that others caused drain. */
const SHARE = 0.9;
/** What may leave at once: as much as the path carries in this time, and at least two packets. */
const BURST_TIME = millis(5);
const LEAST_BURST_BYTES = 2_400;
/** However large a frame was, pixels wait no longer than this for it to be paid for. */
const LONGEST_DEBT = millis(100);

/**
 * What stills may send beside everything else: a token bucket at nearly the rate that the path carries, from which all
 * packets are paid, and stills must have tokens.
 */
export class StillBudget {
  private bytesPerMicro = 0;
  private tokens = 0;
  private filledAt: Micros | undefined;

  /** The path carries this much, in bits/s. */
  setRate(rateBps: number): void {
    this.bytesPerMicro = (rateBps * SHARE) / 8_000_000;
  }

  /** A packet left. */
  spend(now: Micros, bytes: number): void {
    this.fill(now);
    this.tokens = Math.max(this.tokens - bytes, -this.bytesPerMicro * LONGEST_DEBT);
  }

  /** When a packet of stills may leave; `now` or before: at once. */
  readyAt(now: Micros): Micros {
    this.fill(now);
    return this.tokens > 0 ? now : later(now, micros(Math.ceil(-this.tokens / this.bytesPerMicro) + 1));
  }

  private fill(now: Micros): void {
    const most = Math.max(this.bytesPerMicro * BURST_TIME, LEAST_BURST_BYTES);
    const gained = this.filledAt === undefined ? most : elapsed(this.filledAt, now) * this.bytesPerMicro;
    this.tokens = Math.min(this.tokens + gained, most);
    this.filledAt = now;
  }
}
