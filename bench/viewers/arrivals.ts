import type { Arrival } from "./link-client.js";

/** How long nothing came before a frame, in ms. */
export interface Gap {
  readonly gapMs: number;
  /** The frame that ended it. */
  readonly end: Arrival;
}

/** The times between one frame and the next. */
export function gapsOf(arrivals: readonly Arrival[]): Gap[] {
  return arrivals.slice(1).map((end, i) => ({ gapMs: end.atMs - arrivals[i]!.atMs, end }));
}

/** The longest of them, in ms; 0 if there are none. */
export function longestOf(gaps: readonly Gap[]): number {
  return Math.max(0, ...gaps.map(({ gapMs }) => gapMs));
}

/** How old so large a part of the frames was at most when they came, in ms. */
export function ageAt(part: number, arrivals: readonly Arrival[]): number {
  const ages = arrivals.map(({ ageMs }) => ageMs).sort((a, b) => a - b);
  return ages[Math.min(ages.length - 1, Math.floor(ages.length * part))] ?? Number.NaN;
}
