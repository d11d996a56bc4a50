import { expect, test } from "vitest";
import type { TransportFeedback } from "../../rtcp/index.js";
import { sequenceNumber } from "../../rtp/index.js";
import { later, type Micros, micros, millis, seconds } from "../../time.js";
import { PacketFeedbackMatcher } from "./packet-feedback.js";

const START = seconds(1_000);
const REFERENCE_PERIOD = 2 ** 24 * 64_000;

function feedback(arrivals: readonly (readonly [sequence: number, arrival: Micros | undefined])[], reference = 0) {
  return {
    kind: "transport-feedback",
    senderSsrc: 1,
    mediaSsrc: 2,
    baseSequenceNumber: sequenceNumber(arrivals[0]?.[0] ?? 0),
    feedbackCount: 0,
    referenceTime: micros(reference),
    packets: arrivals.map(([sequence, arrival]) => ({ sequenceNumber: sequenceNumber(sequence), arrival })),
  } satisfies TransportFeedback;
}

function sent(count: number, first = 0): PacketFeedbackMatcher {
  const matcher = new PacketFeedbackMatcher();
  for (let i = 0; i < count; i++) {
    const transportSequenceNumber = sequenceNumber(first + i);
    matcher.onSent(later(START, millis(i)), { transportSequenceNumber, sizeBytes: 1_000 + i });
  }
  return matcher;
}

test("arrivals find the packets they are about, across the wrap of sequence numbers, once", () => {
  const matcher = sent(4, 65_534);
  const message = feedback([
    [65_534, millis(10)],
    [65_535, millis(11)],
    [0, millis(12)],
    [1, millis(13)],
  ]);
  const { received, lost } = matcher.match(later(START, millis(30)), message);
  expect(received.map(({ sizeBytes }) => sizeBytes)).toEqual([1_000, 1_001, 1_002, 1_003]);
  expect(received.map(({ arrival }) => arrival)).toEqual([10, 11, 12, 13].map(millis));
  expect(lost).toEqual([]);
  expect(matcher.match(later(START, millis(31)), message).received).toEqual([]);
});

test("a packet that is missing is lost only if it stays so", () => {
  const matcher = sent(3);
  const missing = (sequence: number) => feedback([[sequence, undefined]]);
  expect(matcher.match(later(START, millis(50)), missing(0)).lost).toEqual([]);
  expect(matcher.match(later(START, millis(60)), missing(1)).lost).toEqual([]);
  const late = matcher.match(later(START, millis(70)), feedback([[0, millis(40)]]));
  expect(late).toMatchObject({ received: [{ sizeBytes: 1_000 }], lost: [] });
  expect(matcher.match(later(START, millis(120)), feedback([])).lost).toEqual([later(START, millis(1))]);
  expect(matcher.match(later(START, millis(200)), feedback([])).lost).toEqual([]);
});

test("where packets come after they were given up for lost, the next ones are waited for longer", () => {
  const matcher = sent(2);
  const missing = (sequence: number) => feedback([[sequence, undefined]]);
  matcher.match(later(START, millis(50)), missing(0));
  expect(matcher.match(later(START, millis(100)), feedback([])).lost).toEqual([START]);
  expect(matcher.match(later(START, millis(130)), feedback([[0, millis(100)]])).received).toHaveLength(1);
  matcher.match(later(START, millis(200)), missing(1));
  expect(matcher.match(later(START, millis(290)), feedback([])).lost).toEqual([]);
  expect(matcher.match(later(START, millis(300)), feedback([])).lost).toEqual([later(START, millis(1))]);
});

test("packets of which no feedback tells are neither lost nor received", () => {
  const matcher = sent(10);
  const { received, lost } = matcher.match(later(START, seconds(1)), feedback([[9, millis(1)]]));
  expect(received).toHaveLength(1);
  expect(lost).toEqual([]);
});

test("the receiver's clock does not jump when the reference time wraps", () => {
  const matcher = sent(2);
  const before = matcher.match(START, feedback([[0, micros(REFERENCE_PERIOD - 1_000)]], REFERENCE_PERIOD - 64_000));
  const after = matcher.match(START, feedback([[1, micros(4_000)]], 0));
  expect(after.received[0]!.arrival - before.received[0]!.arrival).toBe(5_000);
});

test("feedback on packets that were never sent is ignored", () => {
  const matcher = sent(2);
  const forged = feedback(Array.from({ length: 1_000 }, (_, i) => [i + 2, millis(i)] as const));
  expect(matcher.match(START, forged)).toEqual({ received: [], lost: [] });
  expect(matcher.match(START, feedback([[1, millis(5)]])).received).toHaveLength(1);
});
