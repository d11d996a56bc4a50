import type { SourceModel } from "../../lab/endpoints/sources.js";
import { burstLoss, randomLoss } from "../../lab/network/loss.js";
import type { LinkConditions } from "../../lab/network/simulated-link.js";
import type { ScenarioReport } from "../../lab/run-scenario.js";
import type { Scenario } from "../../lab/scenario.js";

/** A network and a source: a cell of the matrix. */
export interface Cell {
  readonly name: string;
  readonly scenario: Scenario;
  readonly path: Path;
}

/** What a cell's network does, as numbers. */
interface Path {
  /** Of the packets each way, 0 … 1, in bursts of so many in the mean. */
  readonly loss: number;
  readonly burst: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly rateBps: number | undefined;
}

const DURATION_MS = 6_000;
/** Then nothing changes any more, and all must have arrived by the end. */
const STILL_FROM_MS = 4_000;
const QUEUE_MS = 200;
/** Two of these and the time between two frames stay below 150 ms, which a person notices. */
const LONGEST_REPAIR_MS = 60;
/** Two seconds of 20 Mb/s, once as packets and once as frames: what a history may hold. */
const MOST_BYTES = 10e6;

const LOSSES = [
  { loss: 0, burst: 1 },
  { loss: 0.01, burst: 1 },
  { loss: 0.02, burst: 4 },
  { loss: 0.05, burst: 1 },
  { loss: 0.1, burst: 1 },
  { loss: 0.1, burst: 3 },
  { loss: 0.2, burst: 1 },
] as const;
const DELAYS_MS = [1, 20, 80] as const;
const JITTERS_MS = [0, 10, 30] as const;

const STEADY: SourceModel = { kind: "constant", fps: 30, frameBytes: 8_000, keyframeBytes: 40_000 };
const SCREEN: SourceModel = { kind: "screen", fps: 30, frameBytes: 3_000, pageBytes: 60_000, pageEveryMs: 1_000 };
const CAMERA: SourceModel = { kind: "camera", fps: 30 };
const SOURCES = [
  { name: "steady", source: STEADY, rateBps: undefined },
  { name: "steady", source: STEADY, rateBps: 5e6 },
  { name: "screen", source: SCREEN, rateBps: undefined },
  { name: "screen", source: SCREEN, rateBps: 5e6 },
  { name: "camera", source: CAMERA, rateBps: 20e6 },
] as const;

/** Loss × burst × delay × jitter × rate × source. */
export const MATRIX: readonly Cell[] = SOURCES.flatMap(({ name, source, rateBps }) =>
  LOSSES.flatMap((loss) =>
    DELAYS_MS.flatMap((delayMs) =>
      JITTERS_MS.map((jitterMs) => cell(name, source, { ...loss, delayMs, jitterMs, rateBps })),
    ),
  ),
).map((entry, i) => ({ ...entry, scenario: { ...entry.scenario, seed: i + 1 } }));

/** Whether what is lost can be asked for, and be there before a person sees that it was missing. */
export function isRepairable({ loss, burst, ...path }: Path): boolean {
  return loss <= 0.05 && burst === 1 && roundTripMs(path) <= LONGEST_REPAIR_MS;
}

/**
 * What is wrong with a run of a cell, in words with figures; nothing if all is as its network allows. The bounds follow from
 * the network alone: they hold for every mechanism, and are wide, because in each cell chance plays its part.
 */
export function violations({ path }: Cell, report: ScenarioReport): string[] {
  const end = report.timeline.at(-1)!;
  const roundTrip = roundTripMs(path);
  const queueMs = path.rateBps === undefined ? 0 : QUEUE_MS;
  const bounds: readonly (readonly [what: string, measured: number, atMost: number])[] = [
    ["corrupt frames", report.framesCorrupt, 0],
    ["keyframes without parameter sets", report.framesHeadless, 0],
    ["last frames that never came", report.endsUpToDate ? 0 : 1, 0],
    ["packets in the sender at the end", end.pacerPackets, 0],
    ["part of the packets that find the queue full", overflowed(report), 0.1],
    ["ms until the first picture", report.firstPictureMs, 500 + 8 * roundTrip + 10_000 * path.loss],
    ["ms of the longest pause", report.longestPauseMs, 450 + 8 * roundTrip],
    ["ms of delay in the median", report.latencyMs.p50, path.delayMs + path.jitterMs + 1.5 * queueMs + 50],
    ["part of the frames missed", report.framesMissed / report.framesDue, mostMissed(path)],
    ["bytes kept by the sender", report.senderBytes, MOST_BYTES],
    ["bytes kept by the viewer", report.viewerBytes, MOST_BYTES],
  ];
  return bounds
    .filter(([, measured, atMost]) => !(measured <= atMost))
    .map(([what, measured, atMost]) => `${what}: ${measured}, more than ${atMost}`);
}

function overflowed({ timeline }: ScenarioReport): number {
  const packets = timeline.reduce((sum, bin) => sum + bin.packets, 0);
  return timeline.reduce((sum, bin) => sum + bin.overflowed, 0) / packets;
}

function roundTripMs({ delayMs, jitterMs }: Pick<Path, "delayMs" | "jitterMs">): number {
  return 2 * (delayMs + jitterMs);
}

/** Frames may be given up only where their repair takes longer than holding them up would be worth. */
function mostMissed(path: Path): number {
  if (path.loss === 0) return 0;
  if (roundTripMs(path) > 2 * LONGEST_REPAIR_MS) return 0.5;
  // Of 120 frames, one more or less is chance; and the first keyframe may be lost before anything is known of the path.
  return path.loss >= 0.2 ? 0.08 : 0.05;
}

function cell(sourceName: string, source: SourceModel, path: Path): Cell {
  const { loss, burst, delayMs, jitterMs, rateBps } = path;
  const model = burst === 1 ? randomLoss(loss) : burstLoss({ rate: loss, meanBurst: burst });
  const backward: LinkConditions = { delayMs, jitterMs, ...(loss > 0 && { loss: model }) };
  const forward: LinkConditions = { ...backward, ...(rateBps !== undefined && { rateBps, queueMs: QUEUE_MS }) };
  const losing = loss === 0 ? "no loss" : `${loss * 100} % lost in bursts of ${burst}`;
  const rate = rateBps === undefined ? "a wide path" : `${rateBps / 1e6} Mb/s`;
  const name = `${sourceName}, ${rate}, ${losing}, ${delayMs} ms, jitter ${jitterMs} ms`;
  return {
    name,
    path,
    scenario: {
      name,
      durationMs: DURATION_MS,
      senders: [{ address: "sender", source: { ...source, stillFromMs: STILL_FROM_MS } }],
      forward: [{ atMs: 0, ...forward }],
      backward: [{ atMs: 0, ...backward }],
    },
  };
}
