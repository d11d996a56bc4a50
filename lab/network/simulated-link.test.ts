import { later, type Micros, micros, millis, seconds } from "sightline/core";
import { expect, test } from "vitest";
import { type LinkConditions, SimulatedLink } from "./simulated-link.js";

const START = seconds(1_000);
const PACKETS = 20_000;

/** Sends a packet each millisecond; the arrivals of each. */
function sendMany(conditions: LinkConditions, seed = 1): (readonly Micros[])[] {
  const link = new SimulatedLink({ seed, start: START, steps: [{ atMs: 0, ...conditions }] });
  return Array.from({ length: PACKETS }, (_, i) => link.send(later(START, millis(i)), 1_172));
}

function lossRate(arrivals: readonly (readonly Micros[])[]): number {
  return arrivals.filter(({ length }) => length === 0).length / arrivals.length;
}

test("a clean link delays and does nothing else", () => {
  const arrivals = sendMany({ delayMs: 10 });
  expect(arrivals.every((copies, i) => copies.length === 1 && copies[0] === START + millis(i + 10))).toBe(true);
});

test("independent loss has its rate, and equal seeds repeat", () => {
  const conditions: LinkConditions = { delayMs: 10, loss: { kind: "bernoulli", rate: 0.02 } };
  expect(lossRate(sendMany(conditions))).toBeCloseTo(0.02, 2);
  expect(sendMany(conditions)).toEqual(sendMany(conditions));
  expect(sendMany(conditions)).not.toEqual(sendMany(conditions, 2));
});

test("bursts have their rate and length", () => {
  const loss = { kind: "gilbert-elliott", toBad: 0.02, toGood: 0.18, lossInBad: 1 } as const;
  const arrivals = sendMany({ delayMs: 10, loss });
  expect(lossRate(arrivals)).toBeCloseTo(0.1, 1);
  const bursts = arrivals.filter((copies, i) => copies.length === 0 && arrivals[i - 1]?.length === 1).length;
  expect((lossRate(arrivals) * PACKETS) / bursts).toBeCloseTo(1 / 0.18, 0);
});

test("jitter lets packets overtake each other within its bounds", () => {
  const arrivals = sendMany({ delayMs: 10, jitterMs: 5 }).map(([arrival]) => arrival!);
  expect(arrivals.every((at, i) => at >= START + millis(i + 10) && at <= START + millis(i + 15))).toBe(true);
  expect(arrivals.some((at, i) => i > 0 && at < arrivals[i - 1]!)).toBe(true);
});

test("duplicates have their rate", () => {
  const twice = sendMany({ delayMs: 10, duplication: 0.1 }).filter(({ length }) => length === 2).length;
  expect(twice / PACKETS).toBeCloseTo(0.1, 1);
});

test("a bottleneck spaces packets, queues and overflows", () => {
  // 1,200 bytes at 4.8 Mb/s take 2 ms, twice what comes in.
  const link = new SimulatedLink({
    seed: 1,
    start: START,
    steps: [{ atMs: 0, delayMs: 0, rateBps: 4.8e6, queueMs: 20 }],
  });
  const arrivals = Array.from({ length: 100 }, (_, i) => link.send(later(START, millis(i)), 1_172)).flat();
  expect(arrivals.every((at, i) => i === 0 || at - arrivals[i - 1]! >= 2_000)).toBe(true);
  expect(link.stats().overflowed).toBeGreaterThan(30);
  expect(link.stats().lost).toBe(0);
});

test("conditions change by steps", () => {
  const steps = [
    { atMs: 0, delayMs: 10 },
    { atMs: 100, delayMs: 40 },
  ];
  const link = new SimulatedLink({ seed: 1, start: START, steps });
  expect(link.send(later(START, micros(99_999)), 100)).toEqual([START + 109_999]);
  expect(link.send(later(START, millis(100)), 100)).toEqual([later(START, millis(140))]);
});
