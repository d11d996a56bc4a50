import { expect, test } from "vitest";
import { rtpTimestamp } from "../rtp/index.js";
import { later, type Micros, millis, seconds } from "../time.js";
import { PlayoutMeter } from "./playout-meter.js";

const START = seconds(1_000);

function at(ms: number): Micros {
  return later(START, millis(ms));
}

function frame(firstMs: number, lastMs: number, recovered = false) {
  return {
    data: new Uint8Array(1),
    keyframe: false,
    timestamp: rtpTimestamp(0),
    firstSequence: 0,
    lastSequence: 0,
    firstArrival: at(firstMs),
    lastArrival: at(lastMs),
    recovered,
  };
}

test("frames that wait for their own packets are not held; those that wait for a repair are", () => {
  const meter = new PlayoutMeter();
  meter.onFrame(at(20), frame(0, 20));
  expect(meter.framesHeld).toBe(0);
  meter.onFrame(at(90), frame(33, 90, true));
  meter.onFrame(at(90), frame(66, 70));
  expect(meter.framesHeld).toBe(2);
});

test("the depth is the longest stay of late, and is forgotten", () => {
  const meter = new PlayoutMeter();
  meter.onFrame(at(90), frame(33, 90, true));
  meter.onFrame(at(100), frame(98, 100));
  expect(meter.depth(at(500))).toBe(millis(57));
  meter.onFrame(at(1_500), frame(1_495, 1_500));
  expect(meter.depth(at(1_600))).toBe(millis(57));
  expect(meter.depth(at(4_000))).toBe(0);
});
