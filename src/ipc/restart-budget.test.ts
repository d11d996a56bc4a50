import { expect, it } from "vitest";
import { RestartBudget } from "./restart-budget.js";

it("waits longer after each crash and gives up after five within a minute", () => {
  const budget = new RestartBudget();
  expect([0, 1, 2, 3, 4].map((second) => budget.next(second * 1_000))).toEqual([50, 100, 200, 400, 800]);
  expect(budget.next(5_000)).toBeUndefined();
});

it("forgets crashes after a minute", () => {
  const budget = new RestartBudget();
  for (let crash = 0; crash < 50; crash++) expect(budget.next(crash * 20_000)).toBeLessThanOrEqual(200);
});
