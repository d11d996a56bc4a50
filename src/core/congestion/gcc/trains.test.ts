import { expect, test } from "vitest";
import { SeededRng, uniform } from "../../random.js";
import { later, micros, millis, seconds } from "../../time.js";
import { BurstCapacity } from "./burst-capacity.js";
import { CapacityDrop } from "./capacity-drop.js";
import { MediaTrain } from "./media-train.js";
import type { ReceivedPacket } from "./packet-feedback.js";

const START = seconds(1_000);
const PACKET_BYTES = 1_200;

/** A frame that leaves at `sentBps` over a path of a capacity; `reads` are made of what has arrived by then. */
function frame({
  packets = 40,
  sentBps,
  capacityBps,
  jitterMs = 0,
  readEveryMs = 0,
}: {
  packets?: number;
  sentBps: number;
  capacityBps: number;
  jitterMs?: number;
  readEveryMs?: number;
}): ReceivedPacket[] {
  const rng = new SeededRng(1);
  let free = 0;
  return Array.from({ length: packets }, (_, i) => {
    const sentAt = later(START, micros((i * PACKET_BYTES * 8e6) / sentBps));
    free = Math.max(free, sentAt) + (PACKET_BYTES * 8e6) / capacityBps;
    const there = free + millis(10 + jitterMs * uniform(rng));
    const step = millis(readEveryMs);
    return {
      sentAt,
      arrival: micros(step === 0 ? there : Math.ceil(there / step) * step),
      sizeBytes: PACKET_BYTES,
      probeId: undefined,
    };
  });
}

function narrowed(path: Parameters<typeof frame>[0]): number | undefined {
  const drop = new CapacityDrop();
  for (const packet of frame(path)) drop.add(packet);
  return drop.trainBps;
}

function carried(path: Parameters<typeof frame>[0]): number | undefined {
  const train = new MediaTrain();
  for (const packet of frame(path)) train.add(packet);
  return train.carriedBps;
}

test("a path that has narrowed is seen within the first packets of a frame", () => {
  expect(narrowed({ packets: 8, sentBps: 25e6, capacityBps: 3e6 })).toBeCloseTo(3e6, -5);
  expect(narrowed({ packets: 4, sentBps: 25e6, capacityBps: 3e6 })).toBeUndefined();
});

test("a path that carries what is sent, pauses, or reorders has not narrowed", () => {
  expect(narrowed({ sentBps: 25e6, capacityBps: 100e6 })).toBeUndefined();
  expect(narrowed({ sentBps: 25e6, capacityBps: 100e6, readEveryMs: 30 })).toBeUndefined();
  expect(narrowed({ packets: 400, sentBps: 2e6, capacityBps: 100e6, jitterMs: 30 })).toBeUndefined();
});

test("a frame that arrives as fast as it left shows its rate", () => {
  expect(carried({ sentBps: 20e6, capacityBps: 1e9 })).toBeCloseTo(20e6, -5);
  expect(carried({ sentBps: 20e6, capacityBps: 1e9, jitterMs: 3 })).toBeGreaterThan(17e6);
});

test("one that is too short, arrives slower or too unsteadily shows nothing", () => {
  expect(carried({ packets: 7, sentBps: 2e6, capacityBps: 1e9 })).toBeUndefined();
  expect(carried({ sentBps: 20e6, capacityBps: 15e6 })).toBeUndefined();
  expect(carried({ sentBps: 20e6, capacityBps: 1e9, jitterMs: 30 })).toBeUndefined();
});

test("bursts show the capacity, and others' packets in between or a receiver that reads several at once do not hide it", () => {
  const bursts = new BurstCapacity();
  for (let i = 0; i < 30; i++) {
    const others = i % 3 === 0 ? 2 : 1;
    for (const packet of frame({
      packets: 5,
      sentBps: 1e9,
      capacityBps: 20e6 / others,
      readEveryMs: i % 4 === 1 ? 2 : 0,
    })) {
      const later = i * 33_000;
      bursts.add({ ...packet, sentAt: micros(packet.sentAt + later), arrival: micros(packet.arrival + later) });
    }
    if (i === 5) expect(bursts.bitrateBps).toBeUndefined();
  }
  expect(bursts.bitrateBps).toBeGreaterThan(18e6);
  expect(bursts.bitrateBps).toBeLessThan(22e6);
});
