import { later, type Micros, micros, millis, NEVER, seconds } from "../time.js";

/**
 * On a path that loses packets: soon enough to repair a frame before the next is due at 30 frames per second; then clear
 * of a short burst of loss; then once more. From there on the periodic report says the same.
 */
const LOSSY_DELAYS = [millis(5), millis(20), millis(60)] as const;
/** On a clean path only a pause is worth a probe: a stream of 25 frames per second and more sends none. */
const CLEAN_DELAYS = [millis(45), millis(100)] as const;
/** A path on which something was asked for again counts as lossy for this long. */
const LOSSY_FOR = seconds(10);

/** Decides when to tell the receiver how far was sent, because nothing else will show it that the last packets are lost. */
export class TailProbe {
  private lastSentAt: Micros = NEVER;
  private probes = 0;
  private lossyUntil = micros(0);

  /** A media packet left. */
  onSent(now: Micros): void {
    this.lastSentAt = now;
    this.probes = 0;
  }

  /** A receiver missed packets. */
  onLoss(now: Micros): void {
    this.lossyUntil = later(now, LOSSY_FOR);
  }

  /** Whether to probe at `now`; true once for each time a probe is due. */
  poll(now: Micros): boolean {
    if (now < this.nextTimeout()) return false;
    // A caller that comes late sends one probe for all that have become due.
    while (this.nextTimeout() <= now) this.probes += 1;
    return true;
  }

  /** When the next probe is due; `NEVER` if none is. */
  nextTimeout(): Micros {
    if (this.lastSentAt === NEVER) return NEVER;
    const delays: readonly Micros[] = this.lastSentAt < this.lossyUntil ? LOSSY_DELAYS : CLEAN_DELAYS;
    const delay = delays[this.probes];
    return delay === undefined ? NEVER : later(this.lastSentAt, delay);
  }
}
