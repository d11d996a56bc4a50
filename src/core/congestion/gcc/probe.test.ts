import { expect, test } from "vitest";
import { SeededRng, uniform } from "../../random.js";
import { later, type Micros, micros, millis, seconds } from "../../time.js";
import type { ProbeRequest } from "../congestion-controller.js";
import type { ReceivedPacket } from "./packet-feedback.js";
import { ProbeController } from "./probe-controller.js";
import { ProbeEstimator } from "./probe-estimator.js";

const START = seconds(1_000);
const PACKET_BYTES = 1_200;

/** What arrives of a probe over a path of this capacity. */
function carry(
  { id, rateBps, bytes }: ProbeRequest,
  {
    capacityBps,
    at = START,
    jitterMs = 0,
    loss = 0,
  }: { capacityBps: number; at?: Micros; jitterMs?: number; loss?: number },
): ReceivedPacket[] {
  const rng = new SeededRng(id);
  let free = 0;
  return Array.from({ length: Math.ceil(bytes / PACKET_BYTES) }, (_, i) => {
    const sentAt = later(at, micros((i * PACKET_BYTES * 8e6) / rateBps));
    free = Math.max(free, sentAt) + (PACKET_BYTES * 8e6) / capacityBps;
    const arrival = micros(free + millis(10 + jitterMs * uniform(rng)));
    return { sentAt, arrival, sizeBytes: PACKET_BYTES, probeId: id };
  }).filter(() => uniform(rng) >= loss);
}

function measure(path: { capacityBps: number; jitterMs?: number; loss?: number }) {
  const request = { id: 1, rateBps: 20e6, bytes: 37_500 };
  const estimator = new ProbeEstimator(request);
  for (const packet of carry(request, path)) estimator.add(packet);
  return estimator.result();
}

test("a probe that gets through shows its rate, one that fills the path what that carries", () => {
  expect(measure({ capacityBps: 1e9 })).toEqual({ rateBps: expect.closeTo(20e6, -4), isSaturated: false });
  expect(measure({ capacityBps: 8e6 })).toEqual({ rateBps: expect.closeTo(8e6 * 0.95, -4), isSaturated: true });
});

test("random loss is not taken for a filled path", () => {
  expect(measure({ capacityBps: 1e9, loss: 0.2 })?.isSaturated).toBe(false);
  expect(measure({ capacityBps: 1e9, loss: 0.8 })).toBeUndefined();
});

test("packets that leave unevenly are measured as well as others", () => {
  const estimator = new ProbeEstimator({ id: 1, rateBps: 1e6, bytes: 6_000 });
  for (const [i, ms] of [0, 0, 0, 33, 33].entries()) {
    const sentAt = later(START, millis(ms + 0.4 * i));
    estimator.add({ sentAt, arrival: later(sentAt, millis(10)), sizeBytes: PACKET_BYTES, probeId: 1 });
  }
  expect(estimator.result()).toMatchObject({ isSaturated: false });
});

test("a little jitter changes a result little", () => {
  expect(measure({ capacityBps: 1e9, jitterMs: 2 })?.rateBps).toBeGreaterThan(15e6);
});

/** Probes from the start until none follows at once; the rates asked for and the rates shown. */
function startUp(capacityBps: number): { asked: number[]; shown: number | undefined } {
  const probes = new ProbeController({ startBps: 8e6, ceilingBps: 200e6 });
  const asked: number[] = [];
  let shown: number | undefined;
  let now = START;
  probes.start(now);
  while (probes.request !== undefined && asked.length < probes.request.id) {
    asked.push(probes.request.rateBps);
    probes.onReceived(now, carry(probes.request, { capacityBps, at: now }));
    const context = { estimateBps: shown ?? 8e6, wantedBps: 60e6, isQuiet: true };
    shown = probes.poll(now, context)?.rateBps ?? shown;
    now = later(now, millis(60));
  }
  return { asked, shown };
}

test("on a fast path probes double up to the ceiling", () => {
  const { asked, shown } = startUp(10e9);
  expect(asked.map((rate) => Math.round(rate / 1e6))).toEqual([24, 48, 96, 192]);
  expect(shown).toBeCloseTo(192e6, -6);
});

test("on a slow path the first probe finds the capacity, though it is below the start", () => {
  const { asked, shown } = startUp(3e6);
  expect(asked).toHaveLength(1);
  expect(shown).toBeCloseTo(3e6 * 0.95, -4);
});

test("later, a probe that fills the path counts for nothing, and the next are fewer", () => {
  const probes = new ProbeController({ startBps: 8e6, ceilingBps: 200e6 });
  const context = { estimateBps: 10e6, wantedBps: 60e6, isQuiet: true };
  probes.start(START);
  probes.onReceived(START, carry(probes.request!, { capacityBps: 10e6, at: START }));
  const asked: { at: number; rateBps: number }[] = [];
  for (let now = START; now < START + seconds(40); now = later(now, millis(50))) {
    const known = probes.request?.id;
    const result = probes.poll(now, context);
    if (probes.count > 1) expect(result).toBeUndefined();
    const { request } = probes;
    if (request === undefined || request.id === known) continue;
    asked.push({ at: (now - START) / 1e6, rateBps: request.rateBps });
    probes.onReceived(now, carry(request, { capacityBps: 10e6, at: now }));
  }
  expect(asked.length).toBeLessThan(9);
  expect(asked.map(({ rateBps }) => rateBps)).toContain(20e6);
  expect(asked.every(({ at }, i) => i === 0 || at - asked[i - 1]!.at >= 2)).toBe(true);
});

test("a probe that filled the path but got far more through than is known is repeated at nearly that rate", () => {
  const probes = new ProbeController({ startBps: 8e6, ceilingBps: 200e6 });
  const context = { estimateBps: 10e6, wantedBps: 60e6, isQuiet: true };
  probes.start(START);
  probes.onReceived(START, carry(probes.request!, { capacityBps: 10e6 }));
  probes.poll(START, context);
  const wideAt = later(START, seconds(3));
  probes.poll(wideAt, context);
  probes.onReceived(wideAt, carry(probes.request!, { capacityBps: 18e6, at: wideAt }));
  expect(probes.poll(wideAt, context)).toBeUndefined();
  const soon = later(wideAt, millis(300));
  probes.poll(soon, context);
  expect(probes.request?.rateBps).toBeCloseTo(18e6 * 0.95 * 0.85, -5);
  probes.onReceived(soon, carry(probes.request!, { capacityBps: 18e6, at: soon }));
  expect(probes.poll(soon, context)).toEqual({ rateBps: expect.closeTo(14.5e6, -5), isSaturated: false });
});

test("at the start, a probe that could not be measured is repeated soon, a few times", () => {
  const probes = new ProbeController({ startBps: 8e6, ceilingBps: 200e6 });
  probes.start(START);
  for (let ms = 0; ms < 6_000; ms += 50) {
    probes.poll(later(START, millis(ms)), { estimateBps: 8e6, wantedBps: 60e6, isQuiet: true });
  }
  expect(probes.count).toBe(4);
});

test("nothing is probed while the path is busy, nor beyond the ceiling", () => {
  const probes = new ProbeController({ startBps: 8e6, ceilingBps: 200e6 });
  probes.start(START);
  probes.onReceived(START, carry(probes.request!, { capacityBps: 3e6, at: START }));
  for (const context of [
    { estimateBps: 8e6, wantedBps: 60e6, isQuiet: false },
    { estimateBps: 190e6, wantedBps: 1e9, isQuiet: true },
  ]) {
    for (let s = 3; s < 100; s++) probes.poll(later(START, seconds(s)), context);
  }
  expect(probes.count).toBe(1);
});

test("after a collapse of the rate, probes lead back to what the path carried within a second", () => {
  const probes = new ProbeController({ startBps: 8e6, ceilingBps: 200e6 });
  probes.start(START);
  probes.onReceived(START, carry(probes.request!, { capacityBps: 20e6, at: START }));
  let estimateBps = 20e6;
  probes.poll(START, { estimateBps, wantedBps: 60e6, isQuiet: true });
  const stall = later(START, seconds(5));
  probes.onDecrease(stall, { fromBps: 20e6, toBps: 1e6 });
  probes.onDecrease(later(stall, millis(100)), { fromBps: 1e6, toBps: 300e3 });
  estimateBps = 300e3;
  for (let ms = 100; ms < 1_000; ms += 20) {
    const now = later(stall, millis(ms));
    const known = probes.request?.id;
    estimateBps = probes.poll(now, { estimateBps, wantedBps: 60e6, isQuiet: true })?.rateBps ?? estimateBps;
    const { request } = probes;
    if (request?.id !== known) probes.onReceived(now, carry(request!, { capacityBps: 20e6, at: now }));
  }
  expect(estimateBps).toBeGreaterThan(15e6);
});
