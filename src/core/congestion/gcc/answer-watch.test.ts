import { expect, test } from "vitest";
import { later, millis, NEVER, seconds } from "../../time.js";
import { AnswerWatch } from "./answer-watch.js";

const START = seconds(1_000);
const ROUND_TRIP = millis(40);

function at(ms: number) {
  return later(START, millis(ms));
}

test("an answer is awaited for three seconds", () => {
  const watch = new AnswerWatch();
  expect(watch.state(at(60_000))).toBe("awaited");
  expect(watch.nextTimeout(START)).toBe(NEVER);
  watch.onSent(START);
  expect(watch.state(at(2_999))).toBe("awaited");
  expect(watch.nextTimeout(START)).toBe(at(3_000));
  expect(watch.state(at(3_000))).toBe("nobody");
});

test("one who only reports counts until three long intervals have passed", () => {
  const watch = new AnswerWatch();
  watch.onSent(START);
  watch.onReport(at(500));
  expect(watch.state(at(15_000))).toBe("reports");
  expect(watch.state(at(15_501))).toBe("nobody");
});

test("feedback that fails to come halves the rate again and again, to a sixteenth", () => {
  const watch = new AnswerWatch();
  expect(watch.onFeedback(START)).toBe(true);
  for (let i = 0; i < 50; i++) watch.onSent(at(i));
  expect(watch.factor(at(499), ROUND_TRIP)).toBe(1);
  expect([500, 1_000, 1_500, 2_000, 9_000].map((ms) => watch.factor(at(ms), ROUND_TRIP))).toEqual([
    1 / 2,
    1 / 4,
    1 / 8,
    1 / 16,
    1 / 16,
  ]);
  expect(watch.state(at(3_001))).toBe("nobody");
  expect(watch.onFeedback(at(4_000))).toBe(false);
  expect(watch.factor(at(4_000), ROUND_TRIP)).toBe(1);
});

test("a pause of the source is no silence, nor are a few packets without an answer", () => {
  const watch = new AnswerWatch();
  watch.onFeedback(START);
  expect(watch.state(at(60_000))).toBe("feedback");
  for (let i = 0; i < 5; i++) watch.onSent(at(60_000 + i));
  expect(watch.factor(at(61_000), ROUND_TRIP)).toBe(1);
});

test("after five seconds of silence the path is not known any more", () => {
  const watch = new AnswerWatch();
  watch.onFeedback(START);
  watch.onSent(at(10));
  expect(watch.onFeedback(at(6_000))).toBe(true);
});
