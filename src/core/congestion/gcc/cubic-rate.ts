import { elapsed, type Micros, millis } from "../../time.js";

/** RFC 9438 §4.1, §4.6. */
const C = 0.4;
const DECREASE = 0.7;
/** Growth of the region where Reno would be faster (RFC 9438 §4.3). */
const FRIENDLY_PACKETS = (3 * (1 - DECREASE)) / (1 + DECREASE);
/**
 * A loss on the way back, below this part of where the rate came from, costs less: the flow gave way to a delay that it did
 * not cause, and would stay below its share for a minute if it were as cautious as those that took it.
 */
const ON_THE_WAY = 0.8;
const DECREASE_ON_THE_WAY = 0.9;
/** And so much of the way is forgotten. */
const REMEMBERED = 0.9;
/** What TCP counts its window in. */
const SEGMENT_BITS = 1_480 * 8;
/** On a shorter path the window of a TCP flow grows so fast that its steps are no longer ours to follow. */
const LEAST_ROUND_TRIP = millis(20);

/** Windows, in segments. */
interface Epoch {
  readonly since: Micros;
  /** Where the window was, and returns to. */
  readonly maximum: number;
  /** Seconds that this takes. */
  readonly k: number;
  /** What Reno would have (RFC 9438 §4.3). */
  friendly: number;
}

/** Moves a rate as CUBIC (RFC 9438) moves a window of the same throughput. */
export class CubicRate {
  private epoch: Epoch | undefined;
  private grownAt: Micros | undefined;

  /** From `rateBps` the way leads back to `maximumBps`, where the rate was when it had to give way. */
  resume(now: Micros, rates: { readonly rateBps: number; readonly maximumBps: number }, roundTrip: Micros): void {
    this.begin(now, toWindow(rates.rateBps, roundTrip), toWindow(rates.maximumBps, roundTrip));
  }

  /** Packets were lost at `rateBps`. Returns what to send then. */
  decrease(now: Micros, rateBps: number, roundTrip: Micros): number {
    const window = toWindow(rateBps, roundTrip);
    const maximum = Math.max(window, (this.epoch?.maximum ?? 0) * REMEMBERED);
    const part = window < maximum * ON_THE_WAY ? DECREASE_ON_THE_WAY : DECREASE;
    this.begin(now, window * part, maximum);
    return rateBps * part;
  }

  /** Time passed without loss since {@link resume} or {@link decrease}. */
  increase(now: Micros, rateBps: number, roundTrip: Micros): number {
    const { epoch } = this;
    if (epoch === undefined || this.grownAt === undefined) return rateBps;
    epoch.friendly += (FRIENDLY_PACKETS * elapsed(this.grownAt, now)) / Math.max(roundTrip, LEAST_ROUND_TRIP);
    this.grownAt = now;
    const t = elapsed(epoch.since, now) / 1e6 - epoch.k;
    return Math.max(toRate(Math.max(epoch.maximum + C * t ** 3, epoch.friendly), roundTrip), rateBps);
  }

  private begin(now: Micros, window: number, maximum: number): void {
    this.epoch = { since: now, maximum, k: Math.cbrt((maximum - window) / C), friendly: window };
    this.grownAt = now;
  }
}

function toWindow(rateBps: number, roundTrip: Micros): number {
  return (rateBps * Math.max(roundTrip, LEAST_ROUND_TRIP)) / 1e6 / SEGMENT_BITS;
}

function toRate(window: number, roundTrip: Micros): number {
  return (window * SEGMENT_BITS * 1e6) / Math.max(roundTrip, LEAST_ROUND_TRIP);
}
