import { elapsed, type Micros } from "sightline/core";
import type { PictureReport } from "./picture-report.js";
import { quantile } from "./quantile.js";
import type { TimelineBin } from "./timeline.js";

/** What happened in a second of a run. */
export interface SecondReport {
  readonly second: number;
  /** Means, in bits per second; the capacity is infinite without a bottleneck. */
  readonly capacityBps: number;
  readonly targetBps: number | undefined;
  readonly sentBps: number;
  /** Retransmissions and protection, part of `sentBps`. */
  readonly repairBps: number;
  readonly crossTrafficBps: number;
  readonly queueDelayMs: number;
  /** Of the packets sent: 0 … 1. */
  readonly lostPart: number;
  readonly framesShown: number;
  readonly framesMissed: number;
  /** From capture to complete frame; NaN if none was shown. */
  readonly delayMs: { readonly p50: number; readonly max: number };
  /** How much of the second the picture was frozen: 0 … 1. */
  readonly frozenPart: number;
}

/** Sums up a run second by second. */
export function reportSeconds(
  {
    timeline,
    frames,
    frozen,
  }: Pick<PictureReport, "frames" | "frozen"> & { readonly timeline: readonly TimelineBin[] },
  start: Micros,
): SecondReport[] {
  const secondOf = (time: Micros) => Math.floor(elapsed(start, time) / 1_000_000);
  const count = Math.ceil(timeline.length / 10);
  return Array.from({ length: count }, (_, second) => {
    const bins = timeline.filter(({ atSeconds }) => Math.floor(atSeconds) === second);
    const mean = (value: (bin: TimelineBin) => number) => sum(bins, value) / Math.max(bins.length, 1);
    const captured = frames.filter(({ captureTime }) => secondOf(captureTime) === second);
    const delays = captured.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs]));
    const repairBps = mean(({ sentBps }) => sentBps.retransmission + sentBps.protection);
    return {
      second,
      capacityBps: mean(({ capacityBps }) => capacityBps),
      targetBps: bins.at(-1)?.targetBps,
      sentBps: repairBps + mean(({ sentBps }) => sentBps.media + sentBps.control),
      repairBps,
      crossTrafficBps: mean(({ crossTrafficBps }) => crossTrafficBps),
      queueDelayMs: bins.reduce((most, { queueDelayMs }) => Math.max(most, queueDelayMs), 0),
      lostPart:
        sum(bins, ({ lost, overflowed }) => lost + overflowed) /
        Math.max(
          sum(bins, ({ packets }) => packets),
          1,
        ),
      framesShown: delays.length,
      framesMissed: captured.length - delays.length,
      delayMs: { p50: quantile(delays, 0.5), max: quantile(delays, 1) },
      frozenPart: sum(frozen, ({ from, durationMs }) => {
        const begins = elapsed(start, from) / 1_000_000;
        const ends = begins + durationMs / 1_000;
        return Math.max(Math.min(ends, second + 1) - Math.max(begins, second), 0);
      }),
    };
  });
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
