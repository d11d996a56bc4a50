import { elapsed, later, type Micros, NEVER, seconds } from "../time.js";

/** Senders report at least twice a second: a stream of which nothing came for so long is in trouble. */
const SILENT_AFTER = seconds(2);

/** Notices when a stream falls silent, and when it comes back. */
export class SilenceWatch {
  private lastHeard: Micros | undefined;
  private isSilent = false;
  private checkAt: Micros = NEVER;

  /** A stream started. */
  start(now: Micros): void {
    this.isSilent = false;
    this.lastHeard = now;
    this.checkAt = later(now, SILENT_AFTER);
  }

  /** The stream ended: its silence means nothing. */
  stop(): void {
    this.checkAt = NEVER;
  }

  /** Something of the stream came. Returns whether that ends a silence. */
  heard(now: Micros): boolean {
    this.lastHeard = now;
    if (!this.isSilent) return false;
    this.start(now);
    return true;
  }

  /** Since when the stream has been silent, once for each silence. */
  poll(now: Micros): Micros | undefined {
    if (now < this.checkAt || this.lastHeard === undefined) return undefined;
    this.isSilent = elapsed(this.lastHeard, now) >= SILENT_AFTER;
    this.checkAt = this.isSilent ? NEVER : later(this.lastHeard, SILENT_AFTER);
    return this.isSilent ? this.lastHeard : undefined;
  }

  /** When to poll. It does not move with every packet, so a poll may find that all is well. */
  nextTimeout(): Micros {
    return this.checkAt;
  }
}
