import { expect, test } from "vitest";
import { figureLines } from "./figure-lines.js";

test("figures that are not known are said to be so", () => {
  const lines = figureLines({
    shownFps: 30,
    bitrateBps: 1_234_567,
    framesReceived: 10,
    framesLost: 1,
    packetsReceived: 99,
    packetsLost: 1,
    packetsRepaired: 3,
    jitterMs: 0.1,
    decodeMs: 2.345,
  });
  expect(lines).toEqual([
    "glass to glass unknown   round trip unknown",
    "30 fps   1.23 Mb/s   decode 2.3 ms",
    "lost 1.00 %   repaired 3   frames lost 1",
  ]);
});

test("how long frames wait, and why some are not shown, is said where it is known", () => {
  const lines = figureLines({
    shownFps: 30,
    bitrateBps: 1e6,
    framesReceived: 10,
    framesLost: 3,
    framesSkipped: { lost: 1, undecodable: 2, overtaken: 0, malformed: 0, reset: 0 },
    framesHeld: 4,
    playoutDepthMs: 41.26,
    packetsReceived: 100,
    packetsLost: 0,
    packetsRepaired: 0,
    jitterMs: 0.1,
    decodeMs: 2,
  });
  expect(lines.slice(3)).toEqual(["waited 41.3 ms at most   frames held 4", "skipped: 1 lost, 2 undecodable"]);
});
