import { expect, test } from "vitest";
import { later, millis, seconds } from "../../core/index.js";
import { StillTraffic } from "./still-traffic.js";

const FLIP = seconds(100);
const PATH = { bitrateBps: 8e6, frameInterval: millis(40) };
/** A quarter of the path for 40 ms. */
const LEFT = 10_000;

test("video is left a quarter of the path from a flip until its tiles are through", () => {
  const traffic = new StillTraffic();
  const at = (ms: number) => traffic.frameBytes(later(FLIP, millis(ms)), PATH);
  expect(at(0)).toBeUndefined();
  traffic.onFlip(FLIP);
  expect([at(0), at(249), at(250)]).toEqual([LEFT, LEFT, undefined]);
  for (const ms of [150, 200]) traffic.onCoded(later(FLIP, millis(ms)), 75_000);
  // 150 kB take 200 ms at three quarters of 8 Mb/s.
  expect([at(349), at(350)]).toEqual([LEFT, undefined]);
});

test("tiles of a page that has flipped again are not waited for", () => {
  const traffic = new StillTraffic();
  traffic.onCoded(FLIP, 1_000_000);
  const again = later(FLIP, millis(100));
  traffic.onFlip(again);
  expect(traffic.frameBytes(later(again, millis(249)), PATH)).toBe(LEFT);
  expect(traffic.frameBytes(later(again, millis(250)), PATH)).toBeUndefined();
});
