/** From values to pixels, with the values to be marked on an axis. */
export interface Scale {
  /** The pixel of a value; values outside of the scale lie at its ends. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** Where an axis begins and ends, in values and in pixels. */
export interface ScaleRange {
  readonly from: number;
  readonly to: number;
  readonly pixels: readonly [number, number];
}

/** Steps between ticks that people count in. */
const STEPS = [1, 2, 5, 10];

/** An axis on which equal distances are equal differences, with about `count` ticks. */
export function linearScale({ from, to, pixels: [start, end] }: ScaleRange, count: number): Scale {
  const step = niceStep((0.7 * (to - from)) / count);
  const ticks = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to + step / 1_000; tick += step) ticks.push(tick);
  return { at: (value) => start + clamp((value - from) / (to - from)) * (end - start), ticks };
}

/** An axis on which equal distances are equal ratios; ticks at 1, 2 and 5 times the powers of ten. `from` is above zero. */
export function logScale({ from, to, pixels: [start, end] }: ScaleRange): Scale {
  const ticks = [];
  for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
    ticks.push(...STEPS.slice(0, 3).map((step) => step * power));
  }
  return {
    at: (value) => start + clamp(Math.log(Math.max(value, from) / from) / Math.log(to / from)) * (end - start),
    ticks: ticks.filter((tick) => tick >= from && tick <= to),
  };
}

/** The least of 1, 2 and 5 times a power of ten that is not less than `value`. */
export function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return STEPS.find((step) => step * power >= value * 0.999)! * power;
}

function clamp(part: number): number {
  return Math.min(Math.max(part, 0), 1);
}
