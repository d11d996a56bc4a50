import type { Micros } from "../time.js";

/** Slots of the window: the rate moves in steps of a tenth of it. */
const SLOTS = 10;
const DEFAULT_WINDOW = 1_000_000 as Micros;

/** The rate of something that comes in amounts (bytes, packets, frames) over a sliding window. */
export class RateMeter {
  private readonly slotLength: number;
  private readonly amounts = new Float64Array(SLOTS);
  private sum = 0;
  /** Number of the newest slot: time divided by the slot's length. */
  private newest = Number.NEGATIVE_INFINITY;
  /** Number of the slot that holds the first amount ever: until the window has filled once, it is shorter. */
  private first = Number.NEGATIVE_INFINITY;

  /** @param window - over which time the rate is taken */
  constructor(window: Micros = DEFAULT_WINDOW) {
    this.slotLength = window / SLOTS;
  }

  /** Counts `amount` at `now`. */
  add(now: Micros, amount: number): void {
    this.advance(now);
    if (this.first === Number.NEGATIVE_INFINITY) this.first = this.newest;
    this.amounts[this.newest % SLOTS]! += amount;
    this.sum += amount;
  }

  /** Amount per second over the window that ends at `now`; over the time since the first amount while that is shorter. */
  perSecond(now: Micros): number {
    this.advance(now);
    const slots = Math.min(SLOTS, this.newest - this.first + 1);
    return this.sum === 0 ? 0 : (this.sum * 1_000_000) / (slots * this.slotLength);
  }

  private advance(now: Micros): void {
    const slot = Math.floor(now / this.slotLength);
    if (slot <= this.newest) return;
    if (slot - this.newest >= SLOTS) {
      this.amounts.fill(0);
      this.sum = 0;
    } else {
      for (let passed = this.newest + 1; passed <= slot; passed++) {
        this.sum -= this.amounts[passed % SLOTS]!;
        this.amounts[passed % SLOTS] = 0;
      }
    }
    this.newest = slot;
  }
}
