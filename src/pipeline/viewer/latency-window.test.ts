import { expect, test } from "vitest";
import { micros, millis } from "../../core/index.js";
import { LatencyWindow } from "./latency-window.js";

test("medians of a window, then an empty one", () => {
  const window = new LatencyWindow();
  for (const ms of [30, 10, 20])
    window.add(millis(100), { captured: millis(100 - ms), arrived: millis(100 - ms / 10) });
  expect(window.take()).toEqual({ shown: 3, glassToGlassMs: 20, decodeMs: 2 });
  expect(window.take()).toEqual({ shown: 0 });
});

test("without the sender's capture times there is no glass to glass figure", () => {
  const window = new LatencyWindow();
  window.add(micros(2_000), { captured: undefined, arrived: micros(1_000) });
  expect(window.take()).toEqual({ shown: 1, decodeMs: 1 });
});
