import type { Mechanisms } from "./endpoints/session-options.js";
import type { SourceModel } from "./endpoints/sources.js";
import type { LinkStep } from "./network/simulated-link.js";
import type { OnOffTraffic } from "./traffic/on-off-flow.js";
import type { TcpTraffic } from "./traffic/tcp-flow.js";

/** A sender's part in a scenario. */
export interface SenderPlan {
  /** Where it sends from; the same address again is a program that was started again. */
  readonly address: string;
  readonly startsAtMs?: number;
  readonly stops?: { readonly atMs: number; readonly how: "goodbye" | "crash" };
  /** Default: {@link STEADY_SOURCE}. */
  readonly source?: SourceModel;
  readonly rtx?: boolean;
}

/** Somebody else who uses the way from the senders to the viewer. */
export interface TrafficPlan {
  readonly startsAtMs?: number;
  readonly stopsAtMs?: number;
  readonly traffic: OnOffTraffic | TcpTraffic;
}

/** A network and who uses it, as data. */
export interface Scenario {
  readonly name: string;
  readonly durationMs: number;
  readonly seed?: number;
  /** Default: one sender for the whole time. */
  readonly senders?: readonly SenderPlan[];
  readonly viewerJoinsAtMs?: number;
  /** From the senders to the viewer. */
  readonly forward: readonly LinkStep[];
  /** Default: as `forward`. */
  readonly backward?: readonly LinkStep[];
  readonly crossTraffic?: readonly TrafficPlan[];
  /** Default: what is switched on everywhere. */
  readonly mechanisms?: Mechanisms;
}

/** 2.4 Mb/s that depend on nothing. */
export const STEADY_SOURCE = { kind: "constant", fps: 30, frameBytes: 10_000, keyframeBytes: 60_000 } as const;
