import { elapsed, type Micros, micros, millis } from "../time.js";

/** Before anything is known: a wired LAN never reorders, and a millisecond is lost among the rest of the repair. */
const LEAST = millis(1);
/** Beyond this a needless request costs less than the wait. */
const MOST = millis(40);
/** How far above the latest packet seen the tolerance stays. */
const MARGIN = 1.25;
/** Reordering comes and goes with routes and radio: what was learnt halves in this time. */
const HALF_LIFE = millis(10_000);

/** How long to wait for a packet that may just have been overtaken, learnt from the packets that were. */
export class ReorderTolerance {
  private peak = LEAST;
  private peakAt: Micros | undefined;

  /** A packet that was not asked for, or not long enough ago, came `lateness` after it was first missed. */
  observe(now: Micros, lateness: Micros): void {
    const wanted = Math.min(lateness * MARGIN, MOST);
    if (wanted < this.current(now)) return;
    this.peak = micros(Math.round(wanted));
    this.peakAt = now;
  }

  /** How long to wait at `now`. */
  current(now: Micros): Micros {
    if (this.peakAt === undefined) return LEAST;
    const faded = this.peak * 2 ** (-elapsed(this.peakAt, now) / HALF_LIFE);
    return micros(Math.max(Math.round(faded), LEAST));
  }
}
