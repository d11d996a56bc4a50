import { expect, test } from "vitest";
import { gridColumns } from "./grid.js";

test.each([
  [1, 1280, 800, 1],
  [2, 1600, 800, 2],
  [2, 390, 844, 1],
  [4, 1280, 800, 2],
  [5, 1280, 800, 2],
  [6, 1920, 800, 3],
  [3, 390, 844, 1],
])("%i tiles in %i x %i: %i columns", (count, width, height, columns) => {
  expect(gridColumns(count, { width, height })).toBe(columns);
});
