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
  expect(recorder.poll(at(4), STREAMS)).toBeUndefined();
  expect(recorder.poll(at(10), STREAMS)).toEqual({
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

/** Records a packet each `everyMs`, numbered from `fromMs` on, and polls as told. When messages came, in ms. */
function tell(recorder: FeedbackRecorder, everyMs: number, fromMs: number, toMs: number): number[] {
  const told: number[] = [];
  for (let ms = fromMs; ms < toMs; ms++) {
    if ((ms - fromMs) % everyMs === 0) record(recorder, ms, fromMs + (ms - fromMs) / everyMs);
    if (recorder.poll(at(ms), STREAMS) !== undefined) told.push(ms);
  }
  return told;
}

test("the first message comes soon; then a busy stream is told of often, and a quiet one seldom", () => {
  const busy = tell(new FeedbackRecorder(), 1, 0, 1_000);
  expect(busy[0]).toBe(5);
  expect(busy.length).toBeGreaterThan(45);
  const quiet = tell(new FeedbackRecorder(), 10, 0, 1_000);
  expect(quiet[0]).toBe(5);
  expect(quiet.length).toBeLessThan(17);
});

test("where a busy stream becomes thin, messages become rare only slowly", () => {
  const recorder = new FeedbackRecorder();
  tell(recorder, 1, 0, 500);
  const told = tell(recorder, 10, 500, 700);
  expect(told.length).toBeGreaterThan(5);
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
