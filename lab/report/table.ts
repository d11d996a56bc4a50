import type { ScenarioReport } from "../run-scenario.js";
import { quantile } from "./quantile.js";
import type { SecondReport } from "./seconds.js";

const COLUMNS: readonly { readonly head: readonly [string, string]; readonly cell: (row: SecondReport) => string }[] = [
  { head: ["", "s"], cell: ({ second }) => String(second) },
  { head: ["capacity", "Mb/s"], cell: ({ capacityBps }) => megabits(capacityBps) },
  { head: ["target", "Mb/s"], cell: ({ targetBps }) => megabits(targetBps) },
  { head: ["sent", "Mb/s"], cell: ({ sentBps }) => megabits(sentBps) },
  { head: ["repair", "Mb/s"], cell: ({ repairBps }) => megabits(repairBps) },
  { head: ["others", "Mb/s"], cell: ({ crossTrafficBps }) => megabits(crossTrafficBps) },
  { head: ["queue", "ms"], cell: ({ queueDelayMs }) => whole(queueDelayMs) },
  { head: ["lost", "%"], cell: ({ lostPart }) => (lostPart === 0 ? "·" : (lostPart * 100).toFixed(1)) },
  { head: ["frames", "shown"], cell: ({ framesShown }) => String(framesShown) },
  { head: ["frames", "missed"], cell: ({ framesMissed }) => dotted(framesMissed) },
  { head: ["delay", "p50 ms"], cell: ({ delayMs }) => whole(delayMs.p50) },
  { head: ["delay", "max ms"], cell: ({ delayMs }) => whole(delayMs.max) },
  { head: ["frozen", "ms"], cell: ({ frozenPart }) => dotted(Math.round(frozenPart * 1_000)) },
];

/** A run as text for a terminal: a line a second. */
export function formatSeconds(rows: readonly SecondReport[]): string {
  const lines = [
    COLUMNS.map(({ head }) => head[0]),
    COLUMNS.map(({ head }) => head[1]),
    ...rows.map((row) => COLUMNS.map(({ cell }) => cell(row))),
  ];
  const widths = COLUMNS.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines.map((line) => line.map((cell, i) => cell.padStart(widths[i]!)).join("  ")).join("\n");
}

/** The figures of a whole run, for a person: each with its name. */
export function formatSummary(report: ScenarioReport): readonly string[] {
  const { latencyMs, framesMissed, framesDue, freezes, longestPauseMs, timeline } = report;
  const queueP95 = quantile(
    timeline.map(({ queueDelayMs }) => queueDelayMs),
    0.95,
  );
  const packets = timeline.reduce((sum, bin) => sum + bin.packets, 0);
  const lost = timeline.reduce((sum, bin) => sum + bin.lost, 0);
  const overflowed = timeline.reduce((sum, bin) => sum + bin.overflowed, 0);
  return [
    `frame delay p50 ${whole(latencyMs.p50)} ms, p95 ${whole(latencyMs.p95)} ms, at most ${whole(latencyMs.max)} ms`,
    `${freezes} freezes (> 150 ms), longest pause ${whole(longestPauseMs)} ms, ${framesMissed} of ${framesDue} frames missed`,
    `${packets} packets sent, ${lost} lost on the way, ${overflowed} in the queue; ${report.packetsRetransmitted} sent again`,
    `${report.nacks} NACKs, ${report.plis} PLIs; queue delay p95 ${whole(queueP95)} ms`,
  ];
}

function megabits(bitsPerSecond: number | undefined): string {
  if (bitsPerSecond === undefined || bitsPerSecond === Number.POSITIVE_INFINITY) return "–";
  return bitsPerSecond === 0 ? "·" : (bitsPerSecond / 1e6).toFixed(1);
}

function whole(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value)) : "–";
}

function dotted(count: number): string {
  return count === 0 ? "·" : String(count);
}
