import { expect, test } from "vitest";
import { LatencyHistory, sparklinePath, sparklineTop } from "./latency-history.js";

test("half seconds become medians, the last minute of them is kept", () => {
  const history = new LatencyHistory();
  for (const latency of [30, 90, 40]) history.add(1_000, latency);
  expect(history.points(1_400)).toEqual([]);
  expect(history.points(1_500)).toEqual([{ at: 1_000, latencyMs: 40 }]);
  history.add(1_600, 20);
  expect(history.points(61_500)).toEqual([{ at: 1_600, latencyMs: 20 }]);
});

test("the line ends at the present and stays in its area", () => {
  const points = [
    { at: 30_000, latencyMs: 25 },
    { at: 60_000, latencyMs: 400 },
  ];
  expect(sparklinePath(points, { width: 100, height: 20, now: 60_000, topMs: 50 })).toBe("M50.0 10.0L100.0 0.0");
  expect(sparklinePath(points.slice(1), { width: 100, height: 20, now: 60_000, topMs: 50 })).toBe("");
  expect([sparklineTop([]), sparklineTop(points)]).toEqual([50, 400]);
});
