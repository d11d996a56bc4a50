import { expect, test } from "vitest";
import { type EncodedFrame, elapsed, later, micros, millis, seconds } from "../../core/index.js";
import { KeyframeMemory } from "./keyframe-memory.js";

const START = seconds(1_000);

function frame(atMs: number, bytes: number, keyframe = false): EncodedFrame {
  return { codec: "h264", data: new Uint8Array(bytes), keyframe, captureTime: later(START, millis(atMs)) };
}

function remember(...frames: EncodedFrame[]): KeyframeMemory {
  const memory = new KeyframeMemory();
  for (const each of frames) memory.add(each);
  return memory;
}

test("a still picture is replayed as if it had been captured a moment ago", () => {
  const memory = remember(frame(0, 10_000, true), frame(33, 500), frame(66, 400));
  const now = later(START, seconds(60));
  const replayed = memory.replay(now)!;
  expect(replayed.map(({ data }) => data.length)).toEqual([10_000, 500, 400]);
  expect(replayed.map(({ keyframe }) => keyframe)).toEqual([true, false, false]);
  const ages = replayed.map(({ captureTime }) => elapsed(captureTime, now));
  expect(ages).toEqual([62_000, 61_000, 60_000]);
});

test("stamps never run back: not before the newest picture, nor before what a viewer was sent", () => {
  const memory = remember(frame(0, 10_000, true), frame(33, 500));
  const soon = later(START, millis(40));
  expect(memory.replay(soon)!.at(-1)!.captureTime).toBe(later(START, millis(33)));
  const sentUpTo = later(START, millis(35));
  for (const { captureTime } of memory.replay(soon, sentUpTo)!) expect(captureTime).toBeGreaterThan(sentUpTo);
});

test("once much has followed, a new keyframe is less to send", () => {
  const moving = [frame(0, 300_000, true), frame(33, 400_000), frame(66, 200_000)];
  expect(remember(...moving).replay(START)).toHaveLength(3);
  const memory = remember(...moving, frame(100, 400_000));
  expect(memory.replay(START)).toBeUndefined();
  memory.add(frame(133, 10));
  expect(memory.replay(START)).toBeUndefined();
  memory.add(frame(166, 10_000, true));
  expect(memory.replay(START)).toHaveLength(1);
});

test("nothing is remembered before a keyframe, or once the encoder was opened anew", () => {
  expect(remember(frame(0, 10)).replay(START)).toBeUndefined();
  const memory = remember(frame(0, 10, true));
  expect(memory.stillFor(later(START, millis(250)))).toBe(millis(250));
  memory.clear();
  expect(memory.replay(START)).toBeUndefined();
  expect(memory.stillFor(START)).toBe(micros(0));
});
