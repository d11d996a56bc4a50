import { expect, test } from "vitest";
import { later, type Micros, micros, millis, NEVER, seconds } from "../time.js";
import { NackGenerator, type PacketOrigin, type RequestTiming } from "./nack-generator.js";

const START = seconds(1_000);
const ROUND_TRIP = millis(20);
const TIMING: RequestTiming = { answerTime: ROUND_TRIP, isMeasured: true, isRepairExpected: () => false };
const ORIGINAL: PacketOrigin = { isRepair: false, roundTrip: ROUND_TRIP };

function at(ms: number): Micros {
  return later(START, millis(ms));
}

/** Polls at each timeout up to `end` and returns what was asked for and when. */
function requestsUntil(generator: NackGenerator, end: Micros): { ms: number; sequences: number[] }[] {
  const requests: { ms: number; sequences: number[] }[] = [];
  for (let now = generator.nextTimeout(); now <= end; now = generator.nextTimeout()) {
    const sequences = generator.poll(now, TIMING);
    if (sequences.length > 0) requests.push({ ms: (now - START) / 1_000, sequences });
    expect(generator.nextTimeout()).toBeGreaterThan(now);
  }
  return requests;
}

test("a stream without gaps asks for nothing and sets no timer", () => {
  const generator = new NackGenerator();
  for (let i = 0; i < 1_000; i++) generator.onPacket(at(i), 70_000 + i, ORIGINAL);
  expect(generator.nextTimeout()).toBe(NEVER);
  expect(generator.stats(at(1_000))).toMatchObject({ requests: 0, reordered: 0, missing: 0 });
});

test("a gap is asked for after a millisecond, again after a round trip, then ever faster", () => {
  const generator = new NackGenerator();
  generator.onPacket(at(0), 100, ORIGINAL);
  generator.onPacket(at(0), 103, ORIGINAL);
  expect(requestsUntil(generator, at(60))).toEqual([
    { ms: 1, sequences: [101, 102] },
    { ms: 25, sequences: [101, 102] },
    { ms: 37, sequences: [101, 102] },
    { ms: 43, sequences: [101, 102] },
    { ms: 48, sequences: [101, 102] },
    { ms: 53, sequences: [101, 102] },
    { ms: 58, sequences: [101, 102] },
  ]);
  generator.onPacket(at(60), 101, ORIGINAL);
  expect(requestsUntil(generator, at(80))).toEqual([
    { ms: 63, sequences: [102] },
    { ms: 68, sequences: [102] },
    { ms: 73, sequences: [102] },
    { ms: 78, sequences: [102] },
  ]);
  generator.onPacket(at(80), 102, ORIGINAL);
  expect(generator.nextTimeout()).toBe(NEVER);
  expect(generator.stats(at(80))).toMatchObject({ requests: 18, repaired: 2, reordered: 0, reorderToleranceMs: 1 });
});

test("overtaken packets teach it to wait longer, and the lesson fades", () => {
  const generator = new NackGenerator();
  let sequence = 100;
  generator.onPacket(at(0), sequence, ORIGINAL);
  const swap = (ms: number, latenessMs: number) => {
    generator.onPacket(at(ms), sequence + 2, ORIGINAL);
    generator.poll(at(ms + latenessMs), TIMING);
    generator.onPacket(at(ms + latenessMs), sequence + 1, ORIGINAL);
    sequence += 2;
  };
  for (let i = 1; i <= 50; i++) swap(10 * i, 4);
  expect(generator.stats(at(510))).toMatchObject({
    requests: 1,
    reordered: 50,
    reorderToleranceMs: expect.closeTo(5, 0),
  });
  expect(generator.stats(at(10_510)).reorderToleranceMs).toBeCloseTo(2.5, 0);
  expect(generator.stats(at(90_000)).reorderToleranceMs).toBe(1);
});

test("an early answer to a request is reordering, a later one is repair", () => {
  const generator = new NackGenerator();
  generator.onPacket(at(0), 100, ORIGINAL);
  generator.onPacket(at(0), 103, ORIGINAL);
  expect(generator.poll(at(1), TIMING)).toEqual([101, 102]);
  generator.onPacket(at(3), 101, ORIGINAL);
  generator.onPacket(at(21), 102, ORIGINAL);
  expect(generator.stats(at(21))).toMatchObject({ reordered: 1, repaired: 1 });
});

test("a retransmission teaches no tolerance, nor does what may be one", () => {
  const generator = new NackGenerator();
  generator.onPacket(at(0), 100, ORIGINAL);
  generator.onPacket(at(0), 103, ORIGINAL);
  generator.poll(at(1), TIMING);
  generator.onPacket(at(5), 101, { isRepair: true, roundTrip: ROUND_TRIP });
  generator.onPacket(at(6), 102, { isRepair: false, roundTrip: undefined });
  expect(generator.stats(at(6))).toMatchObject({ reordered: 0, repaired: 2, reorderToleranceMs: 1 });
});

test("what the sender says it sent is missing although nothing follows", () => {
  const generator = new NackGenerator();
  generator.onHighestSent(at(0), 500);
  expect(generator.nextTimeout()).toBe(NEVER);
  generator.onPacket(at(0), 100, ORIGINAL);
  generator.onHighestSent(at(5), 102);
  expect(requestsUntil(generator, at(10))).toEqual([{ ms: 6, sequences: [101, 102] }]);
  generator.onHighestSent(at(11), 102);
  generator.onHighestSent(at(11), 100_000);
  expect(generator.stats(at(11)).missing).toBe(2);
});

test("what is given up is not asked for", () => {
  const generator = new NackGenerator();
  generator.onPacket(at(0), 100, ORIGINAL);
  generator.onPacket(at(0), 102, ORIGINAL);
  generator.onPacket(at(5), 104, ORIGINAL);
  expect(generator.oldestMissingSince()).toBe(at(0));
  generator.giveUp(at(4));
  expect(generator.oldestMissingSince()).toBe(at(5));
  expect(requestsUntil(generator, at(10))).toEqual([{ ms: 6, sequences: [103] }]);
  generator.forgetBefore(1_000);
  expect(generator.nextTimeout()).toBe(NEVER);
  expect(generator.oldestMissingSince()).toBeUndefined();
});

test("what is missing is bounded, the newest kept", () => {
  const generator = new NackGenerator();
  generator.onPacket(at(0), 100, ORIGINAL);
  generator.onPacket(at(0), 30_000, ORIGINAL);
  expect(generator.stats(at(0)).missing).toBe(1_000);
  generator.onPacket(at(1), 30_011, ORIGINAL);
  expect(generator.stats(at(1)).missing).toBe(1_000);
  const asked = generator.poll(at(10), TIMING);
  expect([asked[0], asked.at(-1), asked.length]).toEqual([29_010, 30_010, 1_000]);
});

test("a short round trip does not make it ask every millisecond", () => {
  const generator = new NackGenerator();
  generator.onPacket(at(0), 100, ORIGINAL);
  generator.onPacket(at(0), 102, ORIGINAL);
  expect(generator.poll(at(1), { ...TIMING, answerTime: micros(300) })).toEqual([101]);
  expect(generator.nextTimeout()).toBe(at(6));
});

test("a sender that counts anew leaves nothing missing", () => {
  const generator = new NackGenerator();
  generator.onPacket(at(0), 50_000, ORIGINAL);
  generator.onPacket(at(0), 50_010, ORIGINAL);
  generator.reset();
  expect(generator.nextTimeout()).toBe(NEVER);
  generator.onPacket(at(1), 100, ORIGINAL);
  generator.onPacket(at(1), 102, ORIGINAL);
  expect(generator.poll(at(2), TIMING)).toEqual([101]);
});

test("what repair packets are about to bring is asked for only when they have not brought it", () => {
  const generator = new NackGenerator();
  generator.onPacket(at(0), 100, ORIGINAL);
  generator.onPacket(at(0), 103, ORIGINAL);
  const timing: RequestTiming = { ...TIMING, isRepairExpected: () => true };
  expect(generator.poll(at(1), timing)).toEqual([]);
  generator.onRebuilt(at(2), 101);
  expect(generator.poll(at(5), timing)).toEqual([]);
  expect(generator.poll(at(13), timing)).toEqual([102]);
});

test("a packet that is rebuilt ahead of all others shows what is missing before it", () => {
  const generator = new NackGenerator();
  generator.onPacket(at(0), 100, ORIGINAL);
  generator.onRebuilt(at(0), 102);
  expect(generator.poll(at(1), TIMING)).toEqual([101]);
});

test("requests are not repeated ever faster while no answer was timed; the first answer tells the round trip", () => {
  const generator = new NackGenerator();
  generator.onPacket(at(0), 100, ORIGINAL);
  generator.onPacket(at(0), 102, ORIGINAL);
  const timing: RequestTiming = { ...TIMING, answerTime: millis(50), isMeasured: false };
  const asked: number[] = [];
  for (let ms = 1; ms < 200; ms += 1) if (generator.poll(at(ms), timing).length > 0) asked.push(ms);
  expect(asked).toEqual([1, 55, 109, 163]);
  expect(generator.leastAnswerTime).toBeUndefined();
  generator.onPacket(at(201), 101, { isRepair: true, roundTrip: undefined });
  expect(generator.leastAnswerTime).toBe(millis(200));
});
