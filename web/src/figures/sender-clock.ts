/** Sender reports that the estimate rests on: with one a second, half a minute. */
const WINDOW = 30;

/** One sender report (RFC 3550 §6.4.1) as it was received. All in milliseconds. */
export interface ClockReport {
  /** When the sender sent it, by its own clock. */
  readonly sentAt: number;
  /** When it came in, by our clock. */
  readonly receivedAt: number;
  /** The smallest round trip known. */
  readonly roundTripMs: number;
}

/** How the sender's clock stands to ours. */
export interface ClockOffset {
  /** Our clock minus the sender's, in ms. */
  readonly offsetMs: number;
  /** The offset may be off by this much either way: half the round trip, which may be all on one side. */
  readonly uncertaintyMs: number;
}

/**
 * Learns from sender reports how far our clock is from the sender's: the report that was underway shortest waited in no queue,
 * and travelled half the round trip, which is what cannot be known better without a second clock.
 */
export class SenderClock {
  private readonly reports: ClockReport[] = [];

  /** Takes a report; one that was taken before is ignored. */
  add(report: ClockReport): void {
    if (this.reports.at(-1)?.sentAt === report.sentAt) return;
    this.reports.push(report);
    if (this.reports.length > WINDOW) this.reports.shift();
  }

  /** The estimate; undefined before the first report. */
  get offset(): ClockOffset | undefined {
    if (this.reports.length === 0) return undefined;
    const shortest = Math.min(...this.reports.map(({ sentAt, receivedAt }) => receivedAt - sentAt));
    const uncertaintyMs = Math.min(...this.reports.map(({ roundTripMs }) => roundTripMs)) / 2;
    return { offsetMs: shortest - uncertaintyMs, uncertaintyMs };
  }
}
