import { expect, test } from "vitest";
import { later, type Micros, micros, millis, NEVER, seconds } from "../time.js";
import { createPacer } from "./create-pacer.js";
import type { PacedPacket, Pacer, PacingClass } from "./pacer.js";

interface TestPacket extends PacedPacket {
  readonly id: number;
}

const START = seconds(1_000);

function packet(id: number, pacing: PacingClass = "media"): TestPacket {
  return { id, pacing, sizeBytes: 1_200 };
}

/** Runs the pacer until it is empty and returns when each packet left. */
function drain(pacer: Pacer<TestPacket>, from: Micros): { id: number; at: Micros }[] {
  const left: { id: number; at: Micros }[] = [];
  let now = from;
  for (;;) {
    for (let next = pacer.poll(now); next !== undefined; next = pacer.poll(now)) left.push({ id: next.id, at: now });
    if (pacer.nextTimeout() === NEVER) return left;
    expect(pacer.nextTimeout()).toBeGreaterThan(now);
    now = pacer.nextTimeout();
  }
}

test("an ordinary frame leaves at once and in order", () => {
  const pacer = createPacer<TestPacket>({ kind: "token-bucket", rateBps: 100e6 });
  for (let id = 0; id < 28; id++) pacer.enqueue(START, packet(id));
  const left = drain(pacer, START);
  expect(left.map(({ id }) => id)).toEqual(Array.from({ length: 28 }, (_, id) => id));
  expect(left.every(({ at }) => at === START)).toBe(true);
  expect(pacer.stats()).toMatchObject({ queuedPackets: 0, queuedBytes: 0, longestWaitMs: 0 });
});

test("a burst of 400 packets is spread at the rate after the first 40", () => {
  const pacer = createPacer<TestPacket>({ kind: "token-bucket", rateBps: 100e6 });
  for (let id = 0; id < 400; id++) pacer.enqueue(START, packet(id));
  expect(pacer.stats()).toMatchObject({ queuedPackets: 400, queuedBytes: 480_000 });
  const left = drain(pacer, START);
  expect(left.filter(({ at }) => at === START)).toHaveLength(40);
  const end = left.at(-1)!.at;
  const expectedEnd = ((400 - 40) * 1_200 * 8) / 100;
  expect(Math.abs(end - START - expectedEnd)).toBeLessThan(2_000);
  for (const at of new Set(left.map((entry) => entry.at))) {
    if (at !== START) expect(left.filter((entry) => entry.at === at).length).toBeLessThanOrEqual(12);
  }
  expect(pacer.stats().longestWaitMs).toBeCloseTo((end - START) / 1_000, 6);
});

test("what a late timer has left is made up for", () => {
  const pacer = createPacer<TestPacket>({ kind: "token-bucket", rateBps: 400e6 });
  for (let id = 0; id < 400; id++) pacer.enqueue(START, packet(id));
  const leaving = (at: Micros): number => {
    let count = 0;
    while (pacer.poll(at) !== undefined) count++;
    return count;
  };
  expect(leaving(START)).toBe(40);
  expect(leaving(later(START, millis(2)))).toBe(84);
  // No more than three milliseconds' worth, however late.
  expect(leaving(later(START, millis(40)))).toBe(125);
});

test("a repair overtakes what waits and uses up its share of the rate", () => {
  const pacer = createPacer<TestPacket>({ kind: "token-bucket", rateBps: 9.6e6, burstBytes: 1_200 });
  for (let id = 0; id < 3; id++) pacer.enqueue(START, packet(id));
  expect(pacer.poll(START)?.id).toBe(0);
  expect(pacer.poll(START)).toBeUndefined();
  pacer.enqueue(START, packet(9, "repair"));
  expect(pacer.nextTimeout()).toBeLessThanOrEqual(START);
  expect(pacer.poll(START)?.id).toBe(9);
  // 1,200 bytes at 9.6 Mb/s take 1 ms.
  const left = drain(pacer, START).map(({ id, at }) => ({ id, waited: Math.round((at - START) / 1_000) }));
  expect(left).toEqual([
    { id: 1, waited: 1 },
    { id: 2, waited: 2 },
  ]);
});

test("of many repairs two buckets leave at once, the rest at the rate and ahead of the media", () => {
  const pacer = createPacer<TestPacket>({ kind: "token-bucket", rateBps: 9.6e6, burstBytes: 12_000 });
  for (let id = 0; id < 100; id++) pacer.enqueue(START, packet(id, "repair"));
  pacer.enqueue(START, packet(1_000));
  const left = drain(pacer, START);
  expect(left.filter(({ at }) => at === START)).toHaveLength(20);
  expect(left.at(-1)!.id).toBe(1_000);
  // 80 repairs of a millisecond each, and until the bucket is no longer empty.
  expect(left.at(-1)!.at).toBeLessThanOrEqual(later(START, millis(91)));
});

test("the rate can change while packets wait", () => {
  const pacer = createPacer<TestPacket>({ kind: "token-bucket", rateBps: 1e3, burstBytes: 600 });
  pacer.enqueue(START, packet(0));
  pacer.enqueue(START, packet(1));
  pacer.poll(START);
  const slow = pacer.nextTimeout();
  pacer.setRate(1e9);
  expect(pacer.nextTimeout()).toBeLessThan(slow);
  expect(pacer.poll(later(START, millis(1)))?.id).toBe(1);
});

test("time that stands still or runs back fills nothing", () => {
  const pacer = createPacer<TestPacket>({ kind: "token-bucket", rateBps: 9.6e6, burstBytes: 1_200 });
  pacer.enqueue(START, packet(0));
  pacer.enqueue(START, packet(1));
  expect(pacer.poll(START)?.id).toBe(0);
  expect(pacer.poll(micros(START - 1_000_000))).toBeUndefined();
  expect(pacer.poll(START)).toBeUndefined();
});

test("without pacing everything is due at once, repairs first", () => {
  const pacer = createPacer<TestPacket>({ kind: "none" });
  expect(pacer.nextTimeout()).toBe(NEVER);
  for (let id = 0; id < 400; id++) pacer.enqueue(START, packet(id));
  pacer.enqueue(START, packet(1_000, "repair"));
  expect(pacer.nextTimeout()).toBe(START);
  const left = drain(pacer, START);
  expect(left).toHaveLength(401);
  expect(left[0]!.id).toBe(1_000);
  expect(pacer.stats()).toMatchObject({ queuedPackets: 0, queuedBytes: 0 });
});

test.each(["token-bucket", "none"] as const)("what waits can be dropped (%s)", (kind) => {
  const pacer = createPacer<TestPacket>({ kind, rateBps: 1e6 });
  for (let id = 0; id < 100; id++) pacer.enqueue(START, packet(id, id % 2 === 0 ? "media" : "repair"));
  pacer.clear();
  expect(pacer.poll(START)).toBeUndefined();
  expect(pacer.nextTimeout()).toBe(NEVER);
  expect(pacer.stats()).toMatchObject({ queuedPackets: 0, queuedBytes: 0 });
});
