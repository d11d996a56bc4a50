import { type LinkStep, SimulatedLink } from "../../../lab/network/simulated-link.js";
import type { BbrFlow } from "../../../lab/traffic/bbr-flow.js";
import { startTcp } from "../../../lab/traffic/start-tcp.js";
import type { Arrival, TcpFlow, TcpTraffic } from "../../../lab/traffic/tcp-flow.js";
import { VirtualTime } from "../../../lab/virtual-time.js";
import {
  type CongestionOptions,
  elapsed,
  later,
  type Micros,
  micros,
  millis,
  seconds,
} from "../../../src/core/index.js";
import { MediaFlow } from "./media-flow.js";
import type { SourceModel } from "./sources.js";

/** Who uses the network. */
export type FlowPlan = { readonly name: string; readonly startsAtMs?: number } & (
  | {
      readonly kind: "media";
      readonly source: SourceModel;
      readonly congestion?: Partial<CongestionOptions & { kind: "gcc" }>;
      readonly feedback?: "transport" | "reports" | "none";
    }
  | TcpTraffic
);

/** One bottleneck and those who share it. */
export interface CongestionScenario {
  readonly name: string;
  readonly durationMs: number;
  readonly seed?: number;
  readonly forward: readonly LinkStep[];
  /** Default: the delay of `forward`, and nothing else. */
  readonly backward?: readonly LinkStep[];
  readonly flows: readonly FlowPlan[];
}

/** Makes reports of any part of a run. */
export interface CongestionRun {
  /** What a flow delivered in a part of the run, in bits/s. */
  throughputBps(flow: string, fromMs: number, toMs: number): number;
  /** Quantiles of the time that a flow's packets were on the path, over its least. */
  queueDelayMs(flow: string, quantile: number, fromMs?: number, toMs?: number): number;
  /** Quantiles of the time from a frame's capture until all of it was there; frames with losses do not count. */
  frameDelayMs(flow: string, quantile: number, fromMs?: number, toMs?: number): number;
  /** When a flow's target first reached a bitrate after `fromMs`, counted from there; infinite if it never did. */
  reachedMs(flow: string, bitrateBps: number, fromMs?: number): number;
  /** The target at a time. */
  targetBps(flow: string, atMs: number): number;
  /** Least and largest target in a part of the run. */
  targetRangeBps(flow: string, fromMs: number, toMs: number): { least: number; most: number };
  readonly flows: ReadonlyMap<string, MediaFlow | TcpFlow | BbrFlow>;
}

const START = seconds(1_700_000_000);
const START_BITRATE_BPS = 8e6;

/** Runs a scenario in virtual time. */
export function runCongestion({ durationMs, seed = 1, forward, backward, flows }: CongestionScenario): CongestionRun {
  const time = new VirtualTime(START);
  const out = new SimulatedLink({ seed: seed * 2, start: START, steps: forward });
  const clean = forward.map(({ atMs, delayMs }) => ({ atMs, delayMs }));
  const back = new SimulatedLink({ seed: seed * 2 + 1, start: START, steps: backward ?? clean });
  const running = new Map<string, MediaFlow | TcpFlow | BbrFlow>();
  const links = {
    forward: (sizeBytes: number) => out.send(time.now, sizeBytes),
    backward: (sizeBytes: number) => back.send(time.now, sizeBytes),
  };
  for (const [index, plan] of flows.entries()) {
    time.schedule(at(plan.startsAtMs ?? 0), () => {
      running.set(
        plan.name,
        plan.kind === "tcp"
          ? startTcp(time, { kind: plan.variant, ...links })
          : new MediaFlow(time, {
              name: plan.name,
              seed: seed * 100 + index,
              source: plan.source,
              congestion: { kind: "gcc", startBitrateBps: START_BITRATE_BPS, ...plan.congestion },
              feedback: plan.feedback ?? "transport",
              ...links,
            }),
      );
    });
  }
  time.runUntil(at(durationMs));

  const arrivalsOf = (name: string): readonly Arrival[] => running.get(name)?.arrivals ?? [];
  const mediaFlow = (name: string): MediaFlow => {
    const flow = running.get(name);
    if (!(flow instanceof MediaFlow)) throw new Error(`${name} is no media flow.`);
    return flow;
  };
  return {
    flows: running,
    throughputBps: (name, fromMs, toMs) => {
      const bytes = arrivalsOf(name)
        .filter((arrival) => arrival.at >= at(fromMs) && arrival.at < at(toMs))
        .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      return (bytes * 8_000) / (toMs - fromMs);
    },
    queueDelayMs: (name, q, fromMs = 0, toMs = durationMs) => {
      const delays = arrivalsOf(name).map(({ sentAt, at: arrivedAt }) => ({
        sentAt,
        delay: elapsed(sentAt, arrivedAt),
      }));
      const least = delays.reduce((min, { delay }) => Math.min(min, delay), Number.POSITIVE_INFINITY);
      const part = delays.filter(({ sentAt }) => sentAt >= at(fromMs) && sentAt < at(toMs));
      return quantileOf(
        part.map(({ delay }) => (delay - least) / 1_000),
        q,
      );
    },
    frameDelayMs: (name, q, fromMs = 0, toMs = durationMs) => {
      const frames = mediaFlow(name).frames.filter(
        ({ capturedAt }) => capturedAt >= at(fromMs) && capturedAt < at(toMs),
      );
      return quantileOf(
        frames.flatMap(({ capturedAt, completeAt }) =>
          completeAt === undefined ? [] : [elapsed(capturedAt, completeAt) / 1_000],
        ),
        q,
      );
    },
    reachedMs: (name, bitrateBps, fromMs = 0) => {
      const reached = mediaFlow(name).decisions.find(
        (entry) => entry.at >= at(fromMs) && entry.targetBps >= bitrateBps,
      );
      return reached === undefined ? Number.POSITIVE_INFINITY : elapsed(at(fromMs), reached.at) / 1_000;
    },
    targetBps: (name, atMs) => mediaFlow(name).decisions.findLast((entry) => entry.at <= at(atMs))?.targetBps ?? 0,
    targetRangeBps: (name, fromMs, toMs) => {
      const { decisions } = mediaFlow(name);
      const before = decisions.findLast((entry) => entry.at <= at(fromMs));
      const during = decisions.filter((entry) => entry.at > at(fromMs) && entry.at < at(toMs));
      const targets = [...(before === undefined ? [] : [before]), ...during].map(({ targetBps }) => targetBps);
      return { least: Math.min(...targets), most: Math.max(...targets) };
    },
  };
}

function at(ms: number): Micros {
  return later(START, micros(Math.round(millis(ms))));
}

function quantileOf(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(q * sorted.length), sorted.length - 1)] ?? Number.NaN;
}
