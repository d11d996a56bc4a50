import { SeededRng } from "sightline/core";
import { expect, test } from "vitest";
import { burstLoss, type LossModel, LossProcess, randomLoss } from "./loss.js";

function draw(model: LossModel | undefined, packets: number, seed = 1): boolean[] {
  const process = new LossProcess(new SeededRng(seed));
  return Array.from({ length: packets }, () => process.next(model));
}

test.each([
  { rate: 0.1, meanBurst: 3 },
  { rate: 0.05, meanBurst: 8 },
  { rate: 0.2, meanBurst: 1.5 },
])("bursts of $meanBurst packets lose $rate of all", ({ rate, meanBurst }) => {
  const packets = draw(burstLoss({ rate, meanBurst }), 1_000_000);
  const lost = packets.filter((isLost) => isLost).length;
  const bursts = packets.filter((isLost, i) => isLost && packets[i - 1] !== true).length;
  expect(lost / packets.length / rate).toBeCloseTo(1, 1);
  expect(lost / bursts / meanBurst).toBeCloseTo(1, 1);
});

test("independent loss has its rate, no model has none", () => {
  expect(draw(randomLoss(0.02), 100_000).filter((isLost) => isLost).length / 100_000).toBeCloseTo(0.02, 2);
  expect(draw(undefined, 1_000)).not.toContain(true);
});

test("a trace loses the packets it names, again and again", () => {
  expect(draw({ kind: "trace", packets: "..x" }, 7)).toEqual([false, false, true, false, false, true, false]);
});
