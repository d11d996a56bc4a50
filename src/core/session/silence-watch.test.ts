import { expect, test } from "vitest";
import { later, type Micros, millis, NEVER, seconds } from "../time.js";
import { SilenceWatch } from "./silence-watch.js";

function at(ms: number): Micros {
  return later(seconds(1_000), millis(ms));
}

test("silence is told once, and so is its end", () => {
  const watch = new SilenceWatch();
  watch.start(at(0));
  expect(watch.heard(at(500))).toBe(false);
  expect(watch.nextTimeout()).toBe(at(2_000));
  expect(watch.poll(at(2_000))).toBeUndefined();
  expect(watch.nextTimeout()).toBe(at(2_500));
  expect(watch.poll(at(2_500))).toBe(at(500));
  expect(watch.nextTimeout()).toBe(NEVER);
  expect(watch.poll(at(9_000))).toBeUndefined();
  expect(watch.heard(at(9_000))).toBe(true);
  expect(watch.heard(at(9_001))).toBe(false);
  expect(watch.poll(at(11_001))).toBe(at(9_001));
});

test("a stream that ended cannot fall silent", () => {
  const watch = new SilenceWatch();
  watch.start(at(0));
  watch.stop();
  expect(watch.nextTimeout()).toBe(NEVER);
  expect(watch.poll(at(5_000))).toBeUndefined();
});
