import { expect, it } from "vitest";
import { StatisticsWindow } from "./statistics.js";

it("tells medians and 95th percentiles of its window, then starts anew", () => {
  const window = new StatisticsWindow();
  window.framesCaptured = 3;
  window.framesDropped = 1;
  for (let ms = 100; ms >= 1; ms--) window.encodeMs.push(ms);
  const nothing = { p50Ms: 0, p95Ms: 0 };
  expect(window.take()).toEqual({
    framesCaptured: 3,
    framesEncoded: 0,
    framesDropped: 1,
    capture: nothing,
    convert: nothing,
    encode: { p50Ms: 51, p95Ms: 96 },
  });
  expect(window.take()).toMatchObject({ framesCaptured: 0, framesDropped: 0, encode: nothing });
});
