import { later, type Micros, micros, millis, NEVER } from "../time.js";

/** A sender answers within a round trip, the encoder and a frame's duration; asking sooner only costs a second keyframe. */
const LEAST_INTERVAL = millis(100);
const ENCODING_SLACK = millis(50);
/** Peers that know no PLI are asked ever more rarely, up to this. */
const MOST_INTERVAL = millis(1_000);
/** Requests before the interval starts to double. */
const QUICK_REQUESTS = 3;

/** Asks for a keyframe until one comes. */
export class KeyframeRequester {
  private nextAt: Micros = NEVER;
  private lastAt: Micros | undefined;
  private interval = LEAST_INTERVAL;
  private sent = 0;

  /** A keyframe is needed. No effect while one is being asked for already. */
  need(now: Micros): void {
    if (this.nextAt !== NEVER) return;
    this.sent = 0;
    // Not sooner after the last request than a repeat would be: the need may have come and gone and come.
    const soonest = this.lastAt === undefined ? now : later(this.lastAt, this.interval);
    this.nextAt = soonest > now ? soonest : now;
  }

  /** What is needed may be coming: the next request, if one is needed, is not due before `until`. */
  postpone(until: Micros): void {
    if (this.nextAt < until) this.nextAt = until;
  }

  /** A keyframe came. */
  satisfied(): void {
    this.nextAt = NEVER;
  }

  /** Whether to ask at `now`; true once for each time it is due. */
  poll(now: Micros, roundTripUpper: Micros): boolean {
    if (now < this.nextAt) return false;
    const doublings = Math.max(this.sent - QUICK_REQUESTS + 1, 0);
    const quick = Math.max(LEAST_INTERVAL, roundTripUpper + ENCODING_SLACK);
    this.interval = micros(Math.max(Math.min(quick * 2 ** doublings, MOST_INTERVAL), LEAST_INTERVAL));
    this.sent += 1;
    this.lastAt = now;
    this.nextAt = later(now, this.interval);
    return true;
  }

  /** When the next request is due; `NEVER` while none is needed. */
  nextTimeout(): Micros {
    return this.nextAt;
  }
}
