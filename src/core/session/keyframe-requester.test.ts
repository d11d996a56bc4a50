import { expect, test } from "vitest";
import { later, type Micros, micros, millis, NEVER, seconds } from "../time.js";
import { KeyframeRequester } from "./keyframe-requester.js";

const START = seconds(1_000);
const ROUND_TRIP = millis(20);

/** The milliseconds after the start at which it asks, until `end`. */
function requestTimes(requester: KeyframeRequester, end: Micros): number[] {
  const times: number[] = [];
  for (let now = requester.nextTimeout(); now <= end; now = requester.nextTimeout()) {
    if (requester.poll(now, ROUND_TRIP)) times.push((now - START) / 1_000);
    expect(requester.nextTimeout()).toBeGreaterThan(now);
  }
  return times;
}

test("nothing is asked for until it is needed", () => {
  const requester = new KeyframeRequester();
  expect(requester.nextTimeout()).toBe(NEVER);
  expect(requester.poll(START, ROUND_TRIP)).toBe(false);
});

test("it asks at once, repeats, and slows down towards peers that do not answer", () => {
  const requester = new KeyframeRequester();
  requester.need(START);
  expect(requestTimes(requester, later(START, seconds(5)))).toEqual([
    0, 100, 200, 300, 500, 900, 1_700, 2_700, 3_700, 4_700,
  ]);
});

test("a keyframe ends it, and a new need soon after does not repeat at once", () => {
  const requester = new KeyframeRequester();
  requester.need(START);
  expect(requester.poll(START, ROUND_TRIP)).toBe(true);
  requester.satisfied();
  expect(requester.nextTimeout()).toBe(NEVER);
  requester.need(later(START, millis(30)));
  requester.need(later(START, millis(40)));
  expect(requester.nextTimeout()).toBe(later(START, millis(100)));
  requester.satisfied();
  requester.need(later(START, seconds(9)));
  expect(requester.nextTimeout()).toBe(later(START, seconds(9)));
});

test("a long round trip spaces the requests", () => {
  const requester = new KeyframeRequester();
  requester.need(START);
  requester.poll(START, millis(300));
  expect(requester.nextTimeout()).toBe(micros(START + 350_000));
});
