import { expect, test } from "vitest";
import { SeededRng, uniform } from "../random.js";
import { later, type Micros, micros, millis, seconds } from "../time.js";
import { FecPolicy } from "./fec-policy.js";
import { LossCounter } from "./loss-counter.js";
import { probabilityOfMoreLost } from "./loss-model.js";

const START = seconds(1_700_000_000);
const PACKETS_PER_UPDATE = 24;

/** Loses packets as Gilbert's model says. */
class Path {
  rate = 0;
  meanBurst = 1;
  private isLosing = false;
  private readonly rng = new SeededRng(5);

  isLost(): boolean {
    const leave = Math.min(1 / this.meanBurst, 1 - this.rate);
    const enter = (this.rate * leave) / (1 - this.rate);
    this.isLosing = this.isLosing ? uniform(this.rng) >= leave : uniform(this.rng) < enter;
    return this.isLosing;
  }
}

class Run {
  readonly path = new Path();
  readonly policy = new FecPolicy({ frameDeadline: millis(40) });
  roundTrip: Micros | undefined = millis(60);
  private now = START;
  private readonly counter = new LossCounter();

  /** Lets time pass; the repair packets for a frame of `size` packets at each update. */
  during(ms: number, size = 8): number[] {
    return Array.from({ length: ms / 100 }, () => {
      this.now = later(this.now, millis(100));
      for (let i = 0; i < PACKETS_PER_UPDATE; i++) this.counter.add({ received: !this.path.isLost() });
      this.policy.update(this.now, this.counter.take(), this.roundTrip);
      return this.policy.repairPackets(size);
    });
  }
}

test("the loss model: independent losses are binomial", () => {
  const process = { rate: 0.1, meanBurst: 1 };
  expect(probabilityOfMoreLost(process, { packets: 1, tolerated: 0 })).toBeCloseTo(0.1, 10);
  expect(probabilityOfMoreLost(process, { packets: 3, tolerated: 0 })).toBeCloseTo(1 - 0.9 ** 3, 10);
  expect(probabilityOfMoreLost(process, { packets: 3, tolerated: 1 })).toBeCloseTo(3 * 0.01 * 0.9 + 0.001, 10);
  expect(probabilityOfMoreLost(process, { packets: 3, tolerated: 3 })).toBe(0);
  expect(probabilityOfMoreLost({ rate: 0, meanBurst: 1 }, { packets: 9, tolerated: 0 })).toBe(0);
});

test("the loss model: bursts, and what interleaving makes of them", () => {
  const bursts = { rate: 0.1, meanBurst: 4 };
  // Two in a row: lost, and not left, with probability 1 − 1/4.
  expect(probabilityOfMoreLost(bursts, { packets: 2, tolerated: 1 })).toBeCloseTo(0.1 * 0.75, 10);
  const apart = probabilityOfMoreLost(bursts, { packets: 20, tolerated: 4, stride: 40 });
  const independent = probabilityOfMoreLost({ rate: 0.1, meanBurst: 1 }, { packets: 20, tolerated: 4 });
  expect(apart).toBeCloseTo(independent, 4);
  expect(probabilityOfMoreLost(bursts, { packets: 20, tolerated: 4 })).toBeGreaterThan(2 * independent);
});

test("the loss model agrees with losses that were drawn", () => {
  const path = new Path();
  Object.assign(path, { rate: 0.1, meanBurst: 3 });
  const blocks = 40_000;
  let failed = 0;
  for (let block = 0; block < blocks; block++) {
    const lost = Array.from({ length: 12 }, () => path.isLost()).filter(Boolean).length;
    if (lost > 2) failed += 1;
  }
  const expected = probabilityOfMoreLost(path, { packets: 12, tolerated: 2 });
  expect(failed / blocks).toBeCloseTo(expected, 2);
});

test("a clean path is not protected", () => {
  const run = new Run();
  expect(new Set(run.during(10_000))).toEqual(new Set([0]));
  expect(run.policy.stats()).toMatchObject({ lossRate: 0, repairPacketsOfEight: 0, repairShare: 0 });
});

test("a rare loss is left to retransmission", () => {
  const run = new Run();
  run.path.rate = 0.0002;
  expect(new Set(run.during(30_000))).toEqual(new Set([0]));
});

test("loss that retransmissions repair in time is not protected against, until the round trip grows", () => {
  const run = new Run();
  run.path.rate = 0.03;
  run.roundTrip = millis(10);
  expect(run.during(5_000).at(-1)).toBe(0);
  expect(run.policy.stats().retransmissionRounds).toBe(3);
  run.roundTrip = millis(80);
  expect(run.during(300).at(-1)).toBeGreaterThan(0);
});

test("where no retransmission is in time, redundancy follows the loss and its bursts", () => {
  const steady = (rate: number, meanBurst: number, size: number): number => {
    const run = new Run();
    Object.assign(run.path, { rate, meanBurst });
    return run.during(10_000, size).at(-1)!;
  };
  expect(steady(0.02, 1, 8)).toBe(1);
  expect(steady(0.05, 1, 8)).toBe(2);
  expect(steady(0.05, 1, 1)).toBe(1);
  expect(steady(0.1, 1, 8)).toBeGreaterThan(steady(0.05, 1, 8));
  expect(steady(0.1, 3, 20)).toBeGreaterThan(steady(0.1, 1, 20));
  // Never more than six tenths of a large frame; a large frame needs a smaller part than a small one.
  expect(steady(0.3, 6, 50)).toBe(30);
  expect(steady(0.05, 1, 400) / 400).toBeLessThan(steady(0.05, 1, 8) / 8);
});

test("loss that sets in is answered within half a second, and redundancy ends some seconds after it, without flutter", () => {
  const run = new Run();
  run.during(5_000);
  run.path.rate = 0.15;
  const onset = run.during(500);
  expect(onset.at(-1)).toBeGreaterThan(0);
  const steady = run.during(20_000).slice(100);
  const changes = steady.filter((repairs, i) => i > 0 && repairs !== steady[i - 1]).length;
  expect(changes).toBeLessThan(10);
  run.path.rate = 0;
  const after = run.during(40_000);
  expect(after[0]).toBeGreaterThan(0);
  expect(after.at(-1)).toBe(0);
  expect(after.every((repairs, i) => i === 0 || repairs <= after[i - 1]!)).toBe(true);
});

test("without a known round trip no retransmission is counted on", () => {
  const run = new Run();
  run.path.rate = 0.05;
  run.roundTrip = undefined;
  expect(run.during(3_000).at(-1)).toBeGreaterThan(0);
  expect(run.policy.stats().retransmissionRounds).toBe(0);
});

test("the share of repair packets is that of the last frames", () => {
  const { policy } = new Run();
  expect(policy.repairShare).toBe(0);
  for (let i = 0; i < 60; i++) {
    policy.onFrame(micros(START + i * 33_000), { mediaBytes: 3_000, repairBytes: i < 30 ? 0 : 1_000 });
  }
  expect(policy.repairShare).toBeGreaterThan(0.18);
  expect(policy.repairShare).toBeLessThanOrEqual(0.25);
});
