import { expect, test } from "vitest";
import { runScenario } from "../../lab/run-scenario.js";
import { isRepairable, MATRIX, violations } from "./matrix.js";

/** Counting memory takes as long as two seconds of a scenario. */
const MEMORY_EVERY_MS = 1_900;
/** Chance freezes a picture now and then: a repair may be lost again, and again. */
const MOST_FROZEN_CELLS = 0.1;

const frozen = new Map<string, boolean>();

test.each(MATRIX)("$name", (cell) => {
  const report = runScenario(cell.scenario, { memoryEveryMs: MEMORY_EVERY_MS });
  if (isRepairable(cell.path)) frozen.set(cell.name, report.freezes > 0);
  expect(violations(cell, report)).toEqual([]);
});

test("no picture freezes where what is lost can be repaired in time", () => {
  expect(frozen.size).toBeGreaterThan(50);
  const names = [...frozen].flatMap(([name, isFrozen]) => (isFrozen ? [name] : []));
  expect(names.length, names.join("\n")).toBeLessThanOrEqual(MOST_FROZEN_CELLS * frozen.size);
});
