import { earliest, elapsed, type Micros, micros, millis, seconds } from "../time.js";

/** A path that carries less than this part of what it did a moment ago has narrowed. */
const NARROWED_TO = 0.6;
/** What was coded for the wider path: frames that were being encoded when the path narrowed come a little later. */
const MEMORY = millis(500);
/** A fresh keyframe coded for the narrow path is through after about this; what takes longer is better given up. */
const WORTH_A_KEYFRAME = millis(150);
/** One keyframe must have the time to get through. */
const LEAST_INTERVAL = seconds(1);

/** Notices when what waits to be sent was coded for a path that was far wider than it is now. */
export class OverrunWatch {
  /** Target bitrates of the last moments, or since too much waits; oldest first: since when each held. */
  private readonly targets: { readonly since: Micros; readonly bitrateBps: number }[] = [];
  private waitsSince: Micros | undefined;
  private lastAt: Micros | undefined;

  /** The target bitrate from now on. */
  onTarget(now: Micros, bitrateBps: number): void {
    this.targets.push({ since: now, bitrateBps });
    // The last target before the span still held at its beginning.
    const since = earliest(micros(now - MEMORY), this.waitsSince ?? now);
    while (this.targets.length > 1 && this.targets[1]!.since < since) this.targets.shift();
  }

  /** Whether to give up what waits, and begin anew with a keyframe; true once for each time that is so. */
  isOverrun(now: Micros, backlog: Micros): boolean {
    const current = this.targets.at(-1)?.bitrateBps;
    this.waitsSince = backlog <= WORTH_A_KEYFRAME ? undefined : (this.waitsSince ?? now);
    if (current === undefined || this.waitsSince === undefined) return false;
    if (this.lastAt !== undefined && elapsed(this.lastAt, now) < LEAST_INTERVAL) return false;
    const widest = Math.max(...this.targets.map(({ bitrateBps }) => bitrateBps));
    if (current > widest * NARROWED_TO) return false;
    this.lastAt = now;
    return true;
  }
}
