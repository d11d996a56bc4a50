import { expect, test } from "vitest";
import { SeededRng, uniform } from "../../random.js";
import { LineFit } from "./line-fit.js";

test("a line through points on it is exact", () => {
  const line = new LineFit();
  expect(line.slope).toBeUndefined();
  for (let x = 0; x < 10; x++) line.add(1e6 + x, 1.7e15 + 3 * x);
  expect(line.slope).toBeCloseTo(3, 9);
  expect(line.relativeError).toBeCloseTo(0, 6);
});

test("the error says how far the slope is off", () => {
  const rng = new SeededRng(1);
  const off: number[] = [];
  let stated = 0;
  for (let run = 0; run < 200; run++) {
    const line = new LineFit();
    for (let x = 0; x < 40; x++) line.add(x, x + 20 * uniform(rng));
    off.push((line.slope! - 1) ** 2);
    stated += line.relativeError;
  }
  const actual = Math.sqrt(off.reduce((sum, square) => sum + square, 0) / off.length);
  expect(stated / off.length / actual).toBeGreaterThan(0.8);
  expect(stated / off.length / actual).toBeLessThan(1.25);
});
