// `npm run lab`: lists the scenarios. `npm run lab -- SCENARIO`: runs one in virtual time, prints a table and draws a picture.

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { drawRun } from "./drawing/draw-run.js";
import { DEFAULT_MECHANISMS, type Mechanisms } from "./endpoints/session-options.js";
import { reportSeconds } from "./report/seconds.js";
import { formatSeconds, formatSummary } from "./report/table.js";
import { runScenario, START } from "./run-scenario.js";
import { CATALOGUE } from "./scenarios/catalogue.js";

const USAGE = `usage: npm run lab -- SCENARIO [options]

  --seed N            another run of the same network (default: 1)
  --seconds N         how long it lasts (default: as the scenario says)
  --out FILE.svg      where to draw it (default: SCENARIO.svg)
  --congestion KIND   fixed or gcc: what decides on the bitrate (default: ${DEFAULT_MECHANISMS.congestion})
  --protection KIND   none or reed-solomon: repair packets sent ahead (default: ${DEFAULT_MECHANISMS.protection})
`;
const EXIT_USAGE = 2;

/** Something was asked for that does not exist; the message says what does. */
class UsageError extends Error {}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error) || !(error instanceof UsageError || "code" in error)) throw error;
  process.stderr.write(`lab: ${error.message}\n`);
  process.exitCode = error instanceof UsageError ? EXIT_USAGE : 1;
}

function main(args: string[]): void {
  const { values, positionals } = parse(args);
  const [key, ...more] = positionals;
  if (key === undefined) {
    process.stdout.write(`${USAGE}\n${listScenarios()}\n`);
    return;
  }
  if (more.length > 0) throw new UsageError(`one scenario at a time, not also ${more.join(" ")}`);
  const entry = CATALOGUE.find((candidate) => candidate.key === key);
  if (entry === undefined) throw new UsageError(`there is no scenario ${key}. There are:\n${listScenarios()}`);

  const seed = positive(values.seed, "--seed") ?? 1;
  const seconds = positive(values.seconds, "--seconds");
  const durationMs = seconds === undefined ? entry.scenario.durationMs : seconds * 1_000;
  const mechanisms: Mechanisms = {
    congestion: oneOf(values.congestion ?? DEFAULT_MECHANISMS.congestion, ["fixed", "gcc"], "--congestion"),
    protection: oneOf(values.protection ?? DEFAULT_MECHANISMS.protection, ["none", "reed-solomon"], "--protection"),
  };
  const report = runScenario({ ...entry.scenario, seed, durationMs, mechanisms });

  const title = `${entry.key}: ${entry.scenario.name}`;
  const how = `${durationMs / 1_000} s, seed ${seed}, congestion control ${mechanisms.congestion}, protection ${mechanisms.protection}`;
  const summary = formatSummary(report);
  const file = values.out ?? `${key}.svg`;
  writeFileSync(file, drawRun({ title, subtitles: [how, ...summary], report, start: START }));
  const table = formatSeconds(reportSeconds(report, START));
  process.stdout.write(`${title} (${how})\n\n${table}\n\n${summary.join("\n")}\ndrawn in ${resolve(file)}\n`);
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  try {
    const options = { seed: text, seconds: text, out: text, congestion: text, protection: text };
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

function listScenarios(): string {
  const width = Math.max(...CATALOGUE.map(({ key }) => key.length));
  return CATALOGUE.map(({ key, scenario }) => `  ${key.padEnd(width)}  ${scenario.name}`).join("\n");
}

function positive(value: string | undefined, option: string): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new UsageError(`${option} takes a number from 1, not ${value}`);
  return number;
}

function oneOf<T extends string>(value: string, choices: readonly T[], option: string): T {
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined) throw new UsageError(`${option} is ${choices.join(" or ")}, not ${value}`);
  return chosen;
}
