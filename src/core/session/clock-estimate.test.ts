import { expect, test } from "vitest";
import { type RtpClock, rtpTimestamp, toNtp, toRtpTimestamp, VIDEO_CLOCK_RATE } from "../rtp/index.js";
import { later, type Micros, micros, millis, seconds } from "../time.js";
import { ClockEstimate } from "./clock-estimate.js";

const RTP_CLOCK: RtpClock = { clockRate: VIDEO_CLOCK_RATE, offset: 0xffff_0000 };
/** The receiver's clock is this far ahead of the sender's. */
const AHEAD = seconds(77);
const START = seconds(1_700_000_000);

function report(estimate: ClockEstimate, sentAt: Micros, transit: Micros): void {
  const arrival = micros(sentAt + AHEAD + transit);
  estimate.onSenderReport(arrival, { ntp: toNtp(sentAt), rtpTimestamp: toRtpTimestamp(sentAt, RTP_CLOCK) });
}

test("before any report the arrival stands in", () => {
  const frame = { timestamp: rtpTimestamp(5), captureTime: START, firstArrival: later(START, seconds(80)) };
  expect(new ClockEstimate().captureTime(frame, millis(20))).toEqual({ at: frame.firstArrival, known: false });
});

test("a stated capture time is moved into our clock", () => {
  const estimate = new ClockEstimate();
  report(estimate, START, millis(10));
  const captured = later(START, millis(300));
  const firstArrival = micros(captured + AHEAD + millis(25));
  const { at, known } = estimate.captureTime(
    { timestamp: rtpTimestamp(0), captureTime: captured, firstArrival },
    millis(20),
  );
  expect(Math.abs(at - (captured + AHEAD))).toBeLessThanOrEqual(1);
  expect(known).toBe(true);
});

test("without one, the RTP timestamp is mapped by the report, before it and after", () => {
  const estimate = new ClockEstimate();
  report(estimate, START, millis(10));
  for (const offsetMs of [-400, 0, 400]) {
    const captured = later(START, millis(offsetMs));
    const frame = {
      timestamp: toRtpTimestamp(captured, RTP_CLOCK),
      firstArrival: micros(captured + AHEAD + millis(30)),
    };
    expect(Math.abs(estimate.captureTime(frame, millis(20)).at - (captured + AHEAD))).toBeLessThanOrEqual(12);
  }
});

test("the fastest of the reports counts, and old ones are forgotten", () => {
  const estimate = new ClockEstimate();
  for (const transitMs of [40, 10, 30]) report(estimate, START, millis(transitMs));
  const frame = { timestamp: rtpTimestamp(0), captureTime: START, firstArrival: micros(START + AHEAD + millis(90)) };
  expect(Math.abs(estimate.captureTime(frame, millis(20)).at - (START + AHEAD))).toBeLessThanOrEqual(1);
  for (let i = 0; i < 20; i++) report(estimate, START, millis(30));
  expect(Math.abs(estimate.captureTime(frame, millis(20)).at - (START + AHEAD + 20_000))).toBeLessThanOrEqual(1);
});

test("without a round trip it is only roughly known, and never after the arrival", () => {
  const estimate = new ClockEstimate();
  report(estimate, START, millis(10));
  const frame = { timestamp: rtpTimestamp(0), captureTime: START, firstArrival: micros(START + AHEAD + millis(12)) };
  expect(estimate.captureTime(frame, undefined)).toEqual({ at: micros(START + AHEAD + 10_000), known: false });
  const early = { ...frame, firstArrival: micros(START + AHEAD + millis(5)) };
  expect(estimate.captureTime(early, undefined)).toEqual({ at: early.firstArrival, known: false });
});
