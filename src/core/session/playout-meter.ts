import type { AssembledFrame } from "../jitter-buffer/index.js";
import { elapsed, type Micros, micros, millis, seconds } from "../time.js";

/** A frame that is handed on later than this after its last packet has waited for another one, not for the program. */
const HELD = millis(2);
/** Over which the depth is the largest. */
const WINDOW = seconds(1);

/** How long frames stay in the receiver before they are handed on, and which of them had to wait. */
export class PlayoutMeter {
  private held = 0;
  /** Of the window before and of this one. */
  private readonly longest = { before: micros(0), current: micros(0) };
  private windowSince: Micros | undefined;

  /** A frame is handed on at `now`. */
  onFrame(now: Micros, { firstArrival, lastArrival, recovered }: AssembledFrame): void {
    this.turn(now);
    if (recovered || elapsed(lastArrival, now) > HELD) this.held += 1;
    this.longest.current = micros(Math.max(this.longest.current, elapsed(firstArrival, now)));
  }

  /** Frames so far that waited for a repair, their own or that of a frame before. */
  get framesHeld(): number {
    return this.held;
  }

  /** The longest that a frame of the last second or two stayed, from its first packet on. */
  depth(now: Micros): Micros {
    this.turn(now);
    return micros(Math.max(this.longest.before, this.longest.current));
  }

  private turn(now: Micros): void {
    this.windowSince ??= now;
    const since = elapsed(this.windowSince, now);
    if (since < WINDOW) return;
    this.longest.before = since < 2 * WINDOW ? this.longest.current : micros(0);
    this.longest.current = micros(0);
    this.windowSince = now;
  }
}
