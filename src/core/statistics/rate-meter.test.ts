import { expect, test } from "vitest";
import { millis } from "../time.js";
import { RateMeter } from "./rate-meter.js";

test("nothing counted is a rate of zero", () => {
  expect(new RateMeter().perSecond(millis(5_000))).toBe(0);
});

test("a steady flow gives its rate, also before the window has filled", () => {
  const meter = new RateMeter();
  for (let ms = 10_000; ms < 10_300; ms += 10) meter.add(millis(ms), 50);
  expect(meter.perSecond(millis(10_299))).toBeCloseTo(5_000, 5);
  for (let ms = 10_300; ms < 13_000; ms += 10) meter.add(millis(ms), 50);
  expect(meter.perSecond(millis(12_999))).toBeCloseTo(5_000, 5);
});

test("amounts leave with the window", () => {
  const meter = new RateMeter(millis(500));
  meter.add(millis(1_000), 100);
  expect(meter.perSecond(millis(1_449))).toBeGreaterThan(0);
  expect(meter.perSecond(millis(1_500))).toBe(0);
  meter.add(millis(60_000), 100);
  expect(meter.perSecond(millis(60_499))).toBe(200);
});

test("an amount that is reported late counts into the newest slot", () => {
  const meter = new RateMeter();
  meter.add(millis(2_000), 10);
  meter.add(millis(1_500), 10);
  expect(meter.perSecond(millis(2_900))).toBe(20);
});
