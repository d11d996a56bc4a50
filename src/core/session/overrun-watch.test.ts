import { expect, test } from "vitest";
import { later, type Micros, millis, seconds } from "../time.js";
import { OverrunWatch } from "./overrun-watch.js";

const START = seconds(1_000);
const MUCH = millis(200);

function at(ms: number): Micros {
  return later(START, millis(ms));
}

test("what waits is given up once after the path has narrowed", () => {
  const watch = new OverrunWatch();
  watch.onTarget(at(0), 20e6);
  expect(watch.isOverrun(at(100), MUCH)).toBe(false);
  watch.onTarget(at(200), 3e6);
  expect(watch.isOverrun(at(200), millis(100))).toBe(false);
  expect(watch.isOverrun(at(250), MUCH)).toBe(true);
  expect(watch.isOverrun(at(260), MUCH)).toBe(false);
});

test("a large frame that was coded for the path as it is goes out, however long that takes", () => {
  const watch = new OverrunWatch();
  watch.onTarget(at(0), 20e6);
  watch.onTarget(at(200), 3e6);
  expect(watch.isOverrun(at(600), MUCH)).toBe(true);
  watch.onTarget(at(900), 2.9e6);
  expect(watch.isOverrun(at(2_000), MUCH)).toBe(false);
});

test("what still waits of a wide path's frames is given up as soon as one more keyframe may be asked for", () => {
  const watch = new OverrunWatch();
  watch.onTarget(at(0), 20e6);
  watch.onTarget(at(200), 8e6);
  expect(watch.isOverrun(at(250), MUCH)).toBe(true);
  expect(watch.isOverrun(at(300), MUCH)).toBe(false); // the keyframe, coded for 8 Mb/s
  for (let ms = 400; ms < 1_250; ms += 50) {
    watch.onTarget(at(ms), 1e6);
    expect(watch.isOverrun(at(ms), seconds(3))).toBe(false);
  }
  expect(watch.isOverrun(at(1_260), seconds(3))).toBe(true);
});
