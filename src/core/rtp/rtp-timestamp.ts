import { type Micros, micros } from "../time.js";

declare const rtpTimestampBrand: unique symbol;

/** An RTP timestamp (RFC 3550 §5.1): unsigned 32 bits in ticks of the payload format's clock, from a random start, wraps. */
export type RtpTimestamp = number & { readonly [rtpTimestampBrand]: true };

/** Ticks per second of every video payload format in use (RFC 3551 §5). */
export const VIDEO_CLOCK_RATE = 90_000;

/** Brands an integer as a timestamp, keeping its low 32 bits. */
export function rtpTimestamp(value: number): RtpTimestamp {
  return (value >>> 0) as RtpTimestamp;
}

/** The ticks from `from` to `to` by the shorter way around: −2³¹ … 2³¹−1, negative if `to` is earlier. */
export function timestampDelta(from: RtpTimestamp, to: RtpTimestamp): number {
  return (to - from) | 0;
}

/** How a stream's RTP timestamps follow from time. */
export interface RtpClock {
  /** Ticks per second. */
  readonly clockRate: number;
  /** The timestamp of the Unix epoch: random for each stream, so that timestamps tell nothing (RFC 3550 §5.1). */
  readonly offset: number;
}

/** The timestamp of the point `at`. */
export function toRtpTimestamp(at: Micros, { clockRate, offset }: RtpClock): RtpTimestamp {
  // Whole seconds apart: microseconds since 1970 times 90,000 is beyond the integers that a double holds exactly.
  const wholeSeconds = Math.floor(at / 1_000_000);
  const rest = at - wholeSeconds * 1_000_000;
  return rtpTimestamp(wholeSeconds * clockRate + Math.floor((rest * clockRate) / 1_000_000) + offset);
}

/** The span that `ticks` of a clock of `clockRate` ticks per second last. */
export function ticksToMicros(ticks: number, clockRate: number): Micros {
  return micros((ticks * 1_000_000) / clockRate);
}
