import { expect, test } from "vitest";
import { rtpTimestamp } from "../rtp/index.js";
import { millis } from "../time.js";
import { InterarrivalJitter } from "./interarrival-jitter.js";

test("packets that arrive as they were sent have no jitter", () => {
  const jitter = new InterarrivalJitter(90_000);
  for (let i = 0; i < 100; i++) jitter.add(millis(1_000 + 10 * i), rtpTimestamp(0xffff_ff00 + 900 * i));
  expect(jitter.ticks).toBe(0);
});

test("alternating transit times converge on their difference", () => {
  const jitter = new InterarrivalJitter(90_000);
  for (let i = 0; i < 500; i++) jitter.add(millis(1_000 + 10 * i + (i % 2) * 4), rtpTimestamp(900 * i));
  expect(jitter.milliseconds).toBeCloseTo(4, 1);
  expect(jitter.ticks).toBe(360);
});

test("a clock that jumps is not jitter", () => {
  const jitter = new InterarrivalJitter(90_000);
  jitter.add(millis(1_000), rtpTimestamp(0));
  jitter.add(millis(1_010), rtpTimestamp(0x4000_0000));
  expect(jitter.ticks).toBe(0);
});
