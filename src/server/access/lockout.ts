import { type Micros, micros, seconds } from "../../core/index.js";

/** How failures make the next try wait. */
export interface LockoutOptions {
  /** Failures that cost nothing. */
  readonly free: number;
  /** Wait after the first further one; each one after it doubles it. */
  readonly first: Micros;
  readonly longest: Micros;
}

/**
 * Makes tries rarer the more of them failed. Failures are forgotten one by one, each after twice the longest wait without a new one:
 * who only waits as long as is asked is never forgiven.
 */
export class Lockout {
  private readonly options: LockoutOptions;
  private failures = 0;
  private lastFailure: Micros = seconds(0);

  constructor(options: LockoutOptions) {
    this.options = options;
  }

  /** How long until a try is allowed: 0 if it is now. */
  waitAt(now: Micros): Micros {
    this.forget(now);
    const doublings = this.failures - this.options.free;
    if (doublings <= 0) return micros(0);
    const wait = Math.min(this.options.first * 2 ** (doublings - 1), this.options.longest);
    return micros(Math.max(0, this.lastFailure + wait - now));
  }

  /** Counts a failure. */
  fail(now: Micros): void {
    this.forget(now);
    this.failures++;
    this.lastFailure = now;
  }

  /** Whether nothing is held against anybody any more. */
  isClearAt(now: Micros): boolean {
    this.forget(now);
    return this.failures === 0;
  }

  private forget(now: Micros): void {
    const forgiven = Math.floor((now - this.lastFailure) / (2 * this.options.longest));
    if (forgiven <= 0) return;
    this.failures = Math.max(0, this.failures - forgiven);
    this.lastFailure = micros(this.lastFailure + forgiven * 2 * this.options.longest);
  }
}
