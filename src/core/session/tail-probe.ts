import { later, type Micros, millis, NEVER } from "../time.js";

/**
 * After the last packet, unless another follows: soon enough to repair a frame before the next is due at 30 frames per
 * second; then clear of a short burst of loss; then once more. From there on the periodic report says the same.
 */
const PROBE_DELAYS = [millis(5), millis(20), millis(60)] as const;

/** Decides when to tell the receiver how far was sent, because nothing else will show it that the last packets are lost. */
export class TailProbe {
  private lastSentAt: Micros = NEVER;
  private probes = 0;

  /** A media packet left. */
  onSent(now: Micros): void {
    this.lastSentAt = now;
    this.probes = 0;
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
    const delay = PROBE_DELAYS[this.probes];
    return delay === undefined || this.lastSentAt === NEVER ? NEVER : later(this.lastSentAt, delay);
  }
}
