import {
  fromNtp,
  type NtpTimestamp,
  type RtpTimestamp,
  ticksToMicros,
  timestampDelta,
  VIDEO_CLOCK_RATE,
} from "../rtp/index.js";
import { elapsed, later, type Micros, micros } from "../time.js";

/** Reports whose transit is compared: ten seconds' worth, over which two clocks drift apart by less than a millisecond. */
const REPORTS = 20;

/** A point of the sender's in the receiver's clock. */
export interface EstimatedTime {
  readonly at: Micros;
  /** Both clocks' difference and the path's delay are measured. Otherwise the path's delay is left out, or all is a guess. */
  readonly known: boolean;
}

/**
 * Tells when, in the receiver's clock, the sender did something. The difference of the clocks is taken from the sender
 * report that travelled fastest of the last few: its arrival less its NTP time less half the shortest round trip. What
 * remains is half the difference of the ways out and back.
 */
export class ClockEstimate {
  /** Arrival less sending time of the last reports: the clocks' difference plus the transit. */
  private readonly offsets: number[] = [];
  private reference: { readonly ntp: Micros; readonly timestamp: RtpTimestamp } | undefined;

  /** A sender report arrived. */
  onSenderReport(arrival: Micros, report: { readonly ntp: NtpTimestamp; readonly rtpTimestamp: RtpTimestamp }): void {
    const ntp = fromNtp(report.ntp);
    this.reference = { ntp, timestamp: report.rtpTimestamp };
    this.offsets.push(arrival - ntp);
    if (this.offsets.length > REPORTS) this.offsets.shift();
  }

  /**
   * When a frame was captured.
   *
   * @param frame - its timestamp, its capture time in the sender's clock if it says, and when it arrived
   * @param leastRoundTrip - the shortest round trip seen, if any
   */
  captureTime(
    frame: { readonly timestamp: RtpTimestamp; readonly captureTime?: Micros; readonly firstArrival: Micros },
    leastRoundTrip: Micros | undefined,
  ): EstimatedTime {
    if (this.reference === undefined) return { at: frame.firstArrival, known: false };
    const { ntp, timestamp } = this.reference;
    const inSenderClock =
      frame.captureTime ?? later(ntp, ticksToMicros(timestampDelta(timestamp, frame.timestamp), VIDEO_CLOCK_RATE));
    const offset = Math.min(...this.offsets) - (leastRoundTrip ?? 0) / 2;
    const at = micros(Math.round(inSenderClock + offset));
    // A sender whose clocks disagree with one another would put it after its own arrival.
    if (elapsed(at, frame.firstArrival) < 0) return { at: frame.firstArrival, known: false };
    return { at, known: leastRoundTrip !== undefined };
  }
}
