import { elapsed, type Micros, millis } from "../time.js";

/** Late packets in sequence: one may be a stray, a few are the stream itself. */
const LEAST_RUN = 4;
/** And nothing on time for so long: duplicates of a whole frame come in sequence too, but right after the frame. */
const NOTHING_ON_TIME_FOR = millis(250);

/**
 * Notices that what the receiver takes for the present lies ahead of the sender: a forged or damaged sequence number led
 * it there, and all that the sender really sends would count as late until it catches up.
 */
export class BacktrackDetector {
  private lastOnTime: Micros | undefined;
  private expected: number | undefined;
  private run = 0;

  /** A packet came that may still be of use. */
  onTime(now: Micros): void {
    this.lastOnTime = now;
    this.run = 0;
  }

  /** A packet came that is older than anything of use. Returns whether to start anew from it. */
  late(now: Micros, extendedSequence: number): boolean {
    this.run = extendedSequence === this.expected ? this.run + 1 : 1;
    this.expected = extendedSequence + 1;
    return this.run >= LEAST_RUN && elapsed(this.lastOnTime ?? now, now) >= NOTHING_ON_TIME_FOR;
  }
}
