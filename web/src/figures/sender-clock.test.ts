import { expect, test } from "vitest";
import { SenderClock } from "./sender-clock.js";

test("the report that was underway shortest tells, less half the round trip", () => {
  const clock = new SenderClock();
  expect(clock.offset).toBeUndefined();
  clock.add({ sentAt: 1_000, receivedAt: 6_030, roundTripMs: 24 });
  clock.add({ sentAt: 2_000, receivedAt: 7_010, roundTripMs: 20 });
  clock.add({ sentAt: 3_000, receivedAt: 8_090, roundTripMs: 90 });
  expect(clock.offset).toEqual({ offsetMs: 5_000, uncertaintyMs: 10 });
});

test("follows a clock that drifts away", () => {
  const clock = new SenderClock();
  for (let n = 0; n < 100; n++) clock.add({ sentAt: n * 1_000, receivedAt: n * 1_001, roundTripMs: 0 });
  expect(clock.offset?.offsetMs).toBe(70);
});
