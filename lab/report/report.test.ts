import { expect, test } from "vitest";
import { burstLoss } from "../network/loss.js";
import { runScenario, START } from "../run-scenario.js";
import type { Scenario } from "../scenario.js";
import { retainedBytes } from "./retained-bytes.js";
import { reportSeconds } from "./seconds.js";
import { formatSeconds } from "./table.js";

const NARROW: Scenario = {
  name: "a path that narrows, and somebody else on it",
  durationMs: 4_000,
  forward: [
    { atMs: 0, delayMs: 10, rateBps: 20e6, queueMs: 100 },
    { atMs: 2_015, delayMs: 10, rateBps: 1e6, queueMs: 100 },
  ],
  backward: [{ atMs: 0, delayMs: 10 }],
  crossTraffic: [
    { startsAtMs: 1_000, stopsAtMs: 2_000, traffic: { kind: "on-off", bitrateBps: 5e6, onMs: 1, offMs: 0 } },
  ],
};

test("seconds say what the path carried, what was sent and how long the queue was", () => {
  const report = runScenario(NARROW);
  const seconds = reportSeconds(report, START);
  expect(seconds.map(({ capacityBps }) => Math.round(capacityBps / 1e6))).toEqual([20, 20, 1, 1]);
  expect(seconds[1]!.sentBps / 1e6).toBeCloseTo(2.5, 0);
  expect(seconds.map(({ crossTrafficBps }) => Math.round(crossTrafficBps / 1e6))).toEqual([0, 5, 0, 0]);
  expect(seconds[1]!.queueDelayMs).toBeLessThan(20);
  expect(seconds[2]!.queueDelayMs).toBeGreaterThan(90);
  expect(seconds[2]!.lostPart).toBeGreaterThan(0.1);
});

test("a frame is counted once, as shown or as missed, in the second in which it was captured", () => {
  const loss = burstLoss({ rate: 0.3, meanBurst: 20 });
  const report = runScenario({ name: "bad", durationMs: 5_000, forward: [{ atMs: 0, delayMs: 10, loss }] });
  const seconds = reportSeconds(report, START);
  const counted = seconds.reduce((sum, second) => sum + second.framesShown + second.framesMissed, 0);
  expect(counted).toBe(report.frames.length);
  const frozenMs = seconds.reduce((sum, { frozenPart }) => sum + frozenPart * 1_000, 0);
  expect(frozenMs).toBeCloseTo(
    report.frozen.reduce((sum, { durationMs }) => sum + durationMs, 0),
    3,
  );
});

test("a table has a line a second and columns that stand under each other", () => {
  const report = runScenario({ ...NARROW, durationMs: 3_000 });
  const lines = formatSeconds(reportSeconds(report, START)).split("\n");
  expect(lines).toHaveLength(2 + reportSeconds(report, START).length);
  expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
});

test("memory counts each buffer once and in full, however it is reached", () => {
  const buffer = new Uint8Array(10_000);
  const holder = { views: [buffer.subarray(0, 10), buffer.subarray(10, 20)], map: new Map([["a", buffer]]) };
  expect(retainedBytes(holder)).toBeGreaterThan(10_000);
  expect(retainedBytes(holder)).toBeLessThan(10_500);
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(retainedBytes(circle)).toBeLessThan(100);
  expect(retainedBytes(undefined)).toBe(0);
});
