import { expect, it } from "vitest";
import { later, micros, millis, seconds } from "../../core/index.js";
import { BurstBudget } from "./burst-budget.js";

const START = seconds(1_000);
const INTERVAL_MS = 1_000 / 30;

it("gives a page that flips half of what gathered, however few frames came before", () => {
  const budget = new BurstBudget();
  budget.setRate(8e6, 200);
  expect(budget.allowance(START, INTERVAL_MS)).toBeCloseTo(560_000);
  budget.spend(1_600_000);
  expect(budget.allowance(START, INTERVAL_MS)).toBeCloseTo(8e6 / 30);
  expect(budget.allowance(later(START, millis(100)), INTERVAL_MS)).toBeCloseTo(280_000);
  expect(budget.allowance(later(START, seconds(9)), INTERVAL_MS)).toBeCloseTo(560_000);
});

it("keeps the cap over any longer time", () => {
  const budget = new BurstBudget();
  budget.setRate(2e6, 200);
  let bits = 0;
  for (let frame = 0; frame <= 300; frame++) {
    const allowed = budget.allowance(micros(START + (frame * 1e6) / 30), INTERVAL_MS);
    budget.spend(allowed);
    bits += allowed;
  }
  expect(bits).toBeLessThan(2e6 * 10.5);
});
