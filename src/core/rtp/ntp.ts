import { type Micros, micros } from "../time.js";

/** From the epoch of NTP, 1900, to that of Unix, 1970, in seconds (RFC 5905 §6). */
const NTP_TO_UNIX_SECONDS = 2_208_988_800;
const TWO_TO_32 = 2 ** 32;

/** A 64-bit NTP timestamp (RFC 5905 §6), as sender reports carry it. */
export interface NtpTimestamp {
  /** Whole seconds since 1900, modulo 2³². */
  readonly seconds: number;
  /** The rest in units of 2⁻³² s. */
  readonly fraction: number;
}

/** The NTP timestamp of the point `at`. */
export function toNtp(at: Micros): NtpTimestamp {
  const wholeSeconds = Math.floor(at / 1_000_000);
  const rest = at - wholeSeconds * 1_000_000;
  return {
    seconds: (wholeSeconds + NTP_TO_UNIX_SECONDS) >>> 0,
    fraction: Math.floor((rest * TWO_TO_32) / 1_000_000),
  };
}

/**
 * The point that `ntp` stands for, to the microsecond. The seconds wrap in 2036; values of the lower half are taken as
 * after that (RFC 4330 §3), so the result lies between 1968 and 2104.
 */
export function fromNtp({ seconds, fraction }: NtpTimestamp): Micros {
  const sinceNtpEpoch = seconds >= 0x8000_0000 ? seconds : seconds + TWO_TO_32;
  return micros((sinceNtpEpoch - NTP_TO_UNIX_SECONDS) * 1_000_000 + Math.round((fraction * 1_000_000) / TWO_TO_32));
}

/**
 * The middle 32 bits of `ntp`: the form in which reports refer to one another (LSR of RFC 3550 §6.4.1, LRR of RFC 3611 §4.5).
 */
export function compactNtp({ seconds, fraction }: NtpTimestamp): number {
  return ((seconds << 16) | (fraction >>> 16)) >>> 0;
}

/** A span in the units of {@link compactNtp}, 2⁻¹⁶ s, as DLSR and DLRR carry it; held within 0 … 2³²−1. */
export function toCompactSpan(span: Micros): number {
  const units = Math.round((span * 65_536) / 1_000_000);
  return Math.min(Math.max(units, 0), TWO_TO_32 - 1);
}

/** The span that `units` of 2⁻¹⁶ s last. */
export function fromCompactSpan(units: number): Micros {
  return micros((units * 1_000_000) / 65_536);
}
