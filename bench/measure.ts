/** How a figure is to be read. */
export interface BenchUnit {
  /** The unit of time that the figure is printed in. */
  readonly unit: "ns" | "µs" | "ms";
  /** What one unit of work is: "packet", "frame". */
  readonly per: string;
}

/** The measured cost of one unit of work, in the unit asked for. */
export interface BenchResult {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

const WARM_UP_MS = 200;
const ROUNDS = 15;
const ROUND_MS = 40;
const NS_PER_UNIT = { ns: 1, µs: 1e3, ms: 1e6 };
const NAME_WIDTH = 52;

/**
 * Measures `run`, which does some work and returns how many units of it, and prints one line of the table: the median
 * over the rounds, with the fastest and the slowest round beside it.
 *
 * @param name - what is measured, with the size of its input
 * @param run - called repeatedly; its result is the number of units done, at least 1
 */
export function bench(name: string, unit: BenchUnit, run: () => number): BenchResult {
  measureRound(run, WARM_UP_MS);
  return report(
    name,
    unit,
    Array.from({ length: ROUNDS }, () => measureRound(run, ROUND_MS)),
  );
}

/** Prints the line for the rounds' costs, in nanoseconds. */
function report(name: string, { unit, per }: BenchUnit, roundCosts: readonly number[]): BenchResult {
  const costs = roundCosts.map((cost) => cost / NS_PER_UNIT[unit]).sort((a, b) => a - b);
  const result = { median: costs[ROUNDS >> 1]!, min: costs[0]!, max: costs[ROUNDS - 1]! };
  const range = `${format(result.min)} – ${format(result.max)}`;
  console.log(`${name.padEnd(NAME_WIDTH)} ${format(result.median).padStart(8)} ${unit}/${per}  (${range})`);
  return result;
}

/**
 * Like {@link bench}, for work that needs the event loop: it turns once after each call, and what it does then counts.
 *
 * @param run - called repeatedly; its result is the number of units done, at least 1
 */
export async function benchTurns(name: string, unit: BenchUnit, run: () => number): Promise<BenchResult> {
  await measureTurns(run, WARM_UP_MS);
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) costs.push(await measureTurns(run, ROUND_MS));
  return report(name, unit, costs);
}

/**
 * Prints one line of the table for times that were taken one by one: the median and the 95th percentile.
 *
 * @param samples - in the unit
 */
export function reportSpread(name: string, samples: readonly number[], { unit, per }: BenchUnit): void {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  console.log(`${name.padEnd(NAME_WIDTH)} ${format(at(0.5)).padStart(8)} ${unit}/${per}  (p95 ${format(at(0.95))})`);
}

/** Calls `run` for `durationMs` and returns nanoseconds per unit of work. */
function measureRound(run: () => number, durationMs: number): number {
  const start = process.hrtime.bigint();
  const end = start + BigInt(durationMs * 1e6);
  let units = 0;
  let now = start;
  while (now < end) {
    units += run();
    now = process.hrtime.bigint();
  }
  return Number(now - start) / units;
}

/** The same for work that needs turns of the event loop. */
async function measureTurns(run: () => number, durationMs: number): Promise<number> {
  const start = process.hrtime.bigint();
  const end = start + BigInt(durationMs * 1e6);
  let units = 0;
  let now = start;
  while (now < end) {
    units += run();
    await new Promise((resolve) => setImmediate(resolve));
    now = process.hrtime.bigint();
  }
  return Number(now - start) / units;
}

function format(value: number): string {
  return value.toPrecision(3).includes("e") ? value.toFixed(0) : value.toPrecision(3);
}
