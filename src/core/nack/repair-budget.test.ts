import { expect, test } from "vitest";
import { later, millis, seconds } from "../time.js";
import { RepairBudget } from "./repair-budget.js";

const START = seconds(1_000);

test("a large frame can be repaired whole, and then no more than the stream's rate", () => {
  const budget = new RepairBudget();
  let granted = 0;
  for (let i = 0; i < 2_000; i++) if (budget.take(START, 1_000, 8e6)) granted += 1;
  expect(granted).toBe(500);
  for (let ms = 1; ms <= 1_000; ms++) {
    for (let i = 0; i < 3; i++) if (budget.take(later(START, millis(ms)), 1_000, 8e6)) granted += 1;
  }
  expect(granted).toBe(1_500);
});
