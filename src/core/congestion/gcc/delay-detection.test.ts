import { expect, test } from "vitest";
import { SeededRng, uniform } from "../../random.js";
import { later, type Micros, micros, millis, seconds } from "../../time.js";
import type { BandwidthUsage } from "./overuse-detector.js";
import type { ReceivedPacket } from "./packet-feedback.js";
import { PathMeasurement } from "./path-measurement.js";

const START = seconds(1_000);
/** The receiver's clock is another one. */
const CLOCK = seconds(-900);

/** Packets every 5.5 ms, each a group of its own, delayed as `delayMs` has it. */
function packets(count: number, delayMs: (index: number) => number, from = 0): ReceivedPacket[] {
  return Array.from({ length: count }, (_, i) => {
    const sentAt = later(START, millis((from + i) * 5.5));
    const arrival = micros(sentAt + CLOCK + millis(delayMs(i)));
    return { sentAt, arrival, sizeBytes: 1_200, probeId: undefined };
  });
}

function usages(path: PathMeasurement, stream: readonly ReceivedPacket[]): Set<BandwidthUsage> {
  return new Set(
    stream.map((packet) => {
      path.update([packet], true);
      return path.usage;
    }),
  );
}

test("a constant delay is normal, whatever the clocks", () => {
  expect(
    usages(
      new PathMeasurement(),
      packets(500, () => 20),
    ),
  ).toEqual(new Set(["normal"]));
});

test("a queue that builds up is an overuse within 200 ms, and one that empties an underuse", () => {
  const path = new PathMeasurement();
  path.update(
    packets(200, () => 20),
    true,
  );
  // A quarter more is sent than gets through.
  expect(
    usages(
      path,
      packets(36, (i) => 20 + i * 1.4, 200),
    ),
  ).toContain("overuse");
  expect(
    usages(
      path,
      packets(60, (i) => 70 - i * 0.9, 236),
    ),
  ).toContain("underuse");
});

test("jitter without a queue is no overuse that lasts", () => {
  const rng = new SeededRng(1);
  const path = new PathMeasurement();
  const jittery = packets(4_000, () => 15 + 30 * uniform(rng));
  const overuses = jittery.filter((packet) => {
    path.update([packet], true);
    return path.usage === "overuse";
  });
  expect(overuses.length).toBeLessThan(jittery.length * 0.02);
  expect(path.queueDelay).toBeLessThan(millis(6));
});

test("a queue that stands is measured, and taken for another flow's if it stays", () => {
  const path = new PathMeasurement();
  path.update(
    packets(100, () => 20),
    true,
  );
  expect(path).toMatchObject({ isQueueEmpty: true, isContended: false });
  path.update(
    packets(100, () => 65, 100),
    true,
  );
  expect(path.queueDelay).toBe(millis(45));
  expect(path).toMatchObject({ isQueueEmpty: false, isContended: false });
  path.update(
    packets(300, () => 65, 200),
    true,
  );
  expect(path.isContended).toBe(true);
  path.update(
    packets(200, () => 20, 500),
    true,
  );
  expect(path).toMatchObject({ isQueueEmpty: true, isContended: false });
});

test("a queue that we fill ourselves is no sign of another flow, whatever is lost", () => {
  const path = new PathMeasurement();
  path.update(
    packets(100, () => 20),
    true,
  );
  for (const [i, packet] of packets(500, () => 65, 100).entries()) {
    path.update([packet], false);
    if (i % 100 === 99) path.onLoss(packet.sentAt);
  }
  expect(path).toMatchObject({ isQueueEmpty: false, isContended: false });
});

test("losses and a queue that comes and goes are another flow's, even if the path was never seen empty", () => {
  const wave = (i: number) => 20 + 40 * Math.abs(Math.sin(i / 60));
  const alone = new PathMeasurement();
  alone.update(packets(1_000, wave), true);
  expect(alone.isContended).toBe(false);
  const shared = new PathMeasurement();
  const stream = packets(1_000, wave);
  for (const [i, packet] of stream.entries()) {
    shared.update([packet], true);
    if (i % 200 === 199) shared.onLoss(packet.sentAt);
  }
  expect(shared.isContended).toBe(true);
});

test("a receiver's clock that is set starts the measurement anew", () => {
  const path = new PathMeasurement();
  path.update(
    packets(100, () => 20),
    true,
  );
  path.update(
    packets(100, () => 20 + 60_000, 100),
    true,
  );
  expect(path).toMatchObject({ usage: "normal", queueDelay: 0 });
});

test("the rate of a train is the path's, the average the source's", () => {
  const path = new PathMeasurement();
  // Ten packets each 100 ms, which a path of 4.8 Mb/s spaces by 2 ms.
  const bursts = Array.from({ length: 100 }, (_, i): ReceivedPacket => {
    const sentAt: Micros = later(START, millis(Math.floor(i / 10) * 100));
    return { sentAt, arrival: later(sentAt, millis(10 + (i % 10) * 2)), sizeBytes: 1_200, probeId: undefined };
  });
  path.update(bursts, true);
  expect(path.acknowledged.trainBps).toBeCloseTo(4.8e6, -3);
  expect(path.acknowledged.averageBps).toBeGreaterThan(0.8e6);
  expect(path.acknowledged.averageBps).toBeLessThan(1.3e6);
});
