import { compactNtp, fromCompactSpan, toNtp } from "../rtp/ntp.js";
import { elapsed, type Micros, micros } from "../time.js";

/** What a peer tells about the last report it had from us: in report blocks (LSR, DLSR) and in DLRR (LRR, DLRR). */
export interface ReportEcho {
  /** When we sent that report: its compact NTP timestamp; 0: the peer had none yet. */
  readonly lastReport: number;
  /** How long the peer had it before it answered. */
  readonly delay: Micros;
}

/**
 * The round trip that an answer arriving at `now` shows (RFC 3550 §6.4.1, RFC 3611 §4.5), to 2⁻¹⁶ s; 0 where rounding makes
 * it negative.
 *
 * @returns undefined if the peer had no report of ours yet
 */
export function roundTripTime(now: Micros, { lastReport, delay }: ReportEcho): Micros | undefined {
  if (lastReport === 0) return undefined;
  const sinceReport = fromCompactSpan((compactNtp(toNtp(now)) - lastReport) | 0);
  return micros(Math.max(elapsed(delay, sinceReport), 0));
}
