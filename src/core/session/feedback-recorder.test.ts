import { expect, test } from "vitest";
import { serializeRtcp } from "../rtcp/index.js";
import { sequenceNumber } from "../rtp/index.js";
import { later, type Micros, millis, NEVER, seconds } from "../time.js";
import { FeedbackRecorder } from "./feedback-recorder.js";

const START = seconds(1_000);
const STREAMS = { senderSsrc: 1, mediaSsrc: 2 };

function at(ms: number): Micros {
  return later(START, millis(ms));
}

function record(recorder: FeedbackRecorder, ms: number, sequence: number): void {
  recorder.record(at(ms), at(ms), sequenceNumber(sequence));
}

test("nothing arrived, nothing to tell", () => {
  const recorder = new FeedbackRecorder();
  expect(recorder.nextTimeout()).toBe(NEVER);
  expect(recorder.poll(START, STREAMS)).toBeUndefined();
});

test("arrivals and losses are told, across the wrap", () => {
  const recorder = new FeedbackRecorder();
  record(recorder, 0, 65_535);
  record(recorder, 10, 1);
  expect(recorder.poll(at(99), STREAMS)).toBeUndefined();
  expect(recorder.poll(at(100), STREAMS)).toEqual({
    kind: "transport-feedback",
    ...STREAMS,
    baseSequenceNumber: 65_535,
    feedbackCount: 0,
    referenceTime: at(0),
    packets: [
      { sequenceNumber: 65_535, arrival: at(0) },
      { sequenceNumber: 0, arrival: undefined },
      { sequenceNumber: 1, arrival: at(10) },
    ],
  });
  expect(recorder.nextTimeout()).toBe(NEVER);
});

test("a busy stream is told of twice as often as a quiet one", () => {
  const recorder = new FeedbackRecorder();
  record(recorder, 0, 1);
  expect(recorder.nextTimeout()).toBe(at(100));
  for (let sequence = 2; sequence <= 17; sequence++) record(recorder, sequence, sequence);
  expect(recorder.nextTimeout()).toBe(at(50));
});

test("a packet that comes after its message is told with the next, its neighbours again", () => {
  const recorder = new FeedbackRecorder();
  for (const sequence of [10, 12, 13]) record(recorder, 0, sequence);
  recorder.poll(at(100), STREAMS);
  record(recorder, 110, 11);
  record(recorder, 111, 14);
  const next = recorder.poll(at(210), STREAMS)!;
  expect(next).toMatchObject({ baseSequenceNumber: 11, feedbackCount: 1 });
  expect(next.packets.map(({ arrival }) => arrival)).toEqual([at(110), at(0), at(0), at(111)]);
});

test("duplicates are told once, a jump starts anew, and messages stay small", () => {
  const recorder = new FeedbackRecorder();
  record(recorder, 0, 10);
  record(recorder, 1, 10);
  expect(recorder.poll(at(100), STREAMS)!.packets).toEqual([{ sequenceNumber: 10, arrival: at(0) }]);
  for (let i = 0; i < 5_000; i++) {
    record(recorder, 110 + i, (i * 7_919) & 0xffff);
    const message = recorder.poll(at(110 + i), STREAMS);
    if (message !== undefined) {
      expect(message.packets.length).toBeLessThanOrEqual(2_048);
      expect(() => serializeRtcp([message])).not.toThrow();
    }
  }
});
