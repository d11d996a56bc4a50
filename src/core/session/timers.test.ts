import { expect, test } from "vitest";
import { millis, NEVER } from "../time.js";
import { TimerTable } from "./timers.js";

test("the next timeout is the earliest timer's", () => {
  const timers = new TimerTable(["report", "probe"]);
  expect(timers.next()).toBe(NEVER);
  timers.set("report", millis(500));
  timers.set("probe", millis(5));
  expect(timers.next()).toBe(millis(5));
  expect(timers.isDue("probe", millis(4))).toBe(false);
  expect(timers.isDue("probe", millis(5))).toBe(true);
  timers.set("probe", NEVER);
  expect(timers.isDue("probe", millis(5))).toBe(false);
  expect(timers.next()).toBe(millis(500));
});
