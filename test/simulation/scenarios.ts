import type { LossModel } from "../../lab/network/loss.js";
import type { ScenarioReport } from "../../lab/run-scenario.js";
import { type Scenario, STEADY_SOURCE } from "../../lab/scenario.js";

/** The most that may be seen or spent in a scenario; what is absent is not bounded. */
export interface Bounds {
  readonly firstPictureMs?: number;
  /** Of the frames due: 0 … 1. */
  readonly missedPart?: number;
  readonly freezes?: number;
  readonly longestPauseMs?: number;
  readonly latencyP95Ms?: number;
  readonly latencyMaxMs?: number;
  readonly captureTimeErrorMs?: number;
  /** Packets asked for, for each that was lost on the way there. */
  readonly requestsPerLoss?: number;
  readonly packetsRequested?: number;
  readonly packetsRetransmitted?: number;
  readonly plis?: number;
}

/** A scenario and what must come of it. */
export interface Case {
  readonly scenario: Scenario;
  readonly bounds: Bounds;
  /** What must be exactly so. */
  readonly expected?: Partial<Pick<ScenarioReport, "shown" | "endsUpToDate" | "events" | "senderEvents">>;
}

const MINUTE = 60_000;
const NO_REPAIR = { packetsRequested: 0, packetsRetransmitted: 0, plis: 0 } as const;
const NOTHING_MISSED = { missedPart: 0, freezes: 0 } as const;

function random(rate: number): LossModel {
  return { kind: "bernoulli", rate };
}

/** One packet in ten, in bursts of five or six. */
const BURSTS: LossModel = { kind: "gilbert-elliott", toBad: 0.02, toGood: 0.18, lossInBad: 1 };

/** Every network and every incident that the core must cope with. */
export const CASES: readonly Case[] = [
  {
    scenario: { name: "a clean link", durationMs: MINUTE, forward: [{ atMs: 0, delayMs: 10 }] },
    bounds: { ...NOTHING_MISSED, ...NO_REPAIR, firstPictureMs: 45, latencyP95Ms: 15, captureTimeErrorMs: 0.1 },
    expected: { senderEvents: ["receiver-appeared"], events: ["stream-started 10"] },
  },
  {
    scenario: {
      name: "a fast clean link with frames of 400 packets",
      durationMs: 10_000,
      senders: [{ address: "a", source: { ...STEADY_SOURCE, fps: 10, frameBytes: 480_000, keyframeBytes: 480_000 } }],
      forward: [{ atMs: 0, delayMs: 0.2, rateBps: 1e9, queueMs: 2 }],
    },
    // The first frame shows how fast the path is while it leaves.
    bounds: { ...NOTHING_MISSED, ...NO_REPAIR, latencyP95Ms: 45, latencyMaxMs: 80 },
  },
  {
    scenario: {
      name: "pages of 1,000 packets that flip on a path that loses 5 %",
      durationMs: 30_000,
      senders: [
        { address: "a", source: { ...STEADY_SOURCE, fps: 2, frameBytes: 1_200_000, keyframeBytes: 1_200_000 } },
      ],
      forward: [{ atMs: 0, delayMs: 20, rateBps: 400e6, queueMs: 20, loss: random(0.05) }],
    },
    // The first packet of a page is sent again when the last one has long come.
    bounds: { missedPart: 0, latencyP95Ms: 250, plis: 3 },
  },
  {
    scenario: {
      name: "1 % loss on a LAN",
      durationMs: MINUTE,
      forward: [{ atMs: 0, delayMs: 0.3, loss: random(0.01) }],
    },
    bounds: { ...NOTHING_MISSED, latencyP95Ms: 10, latencyMaxMs: 60, requestsPerLoss: 1.2, plis: 0 },
  },
  ...[1, 2, 3].map(
    (seed): Case => ({
      scenario: {
        name: `2 % loss each way (seed ${seed})`,
        durationMs: MINUTE,
        seed,
        forward: [{ atMs: 0, delayMs: 10, loss: random(0.02) }],
      },
      bounds: {
        ...NOTHING_MISSED,
        firstPictureMs: 150,
        latencyP95Ms: 50,
        longestPauseMs: 130,
        requestsPerLoss: 1.2,
        plis: 3,
      },
    }),
  ),
  {
    scenario: {
      name: "2 % loss each way, repaired without RTX",
      durationMs: MINUTE,
      senders: [{ address: "a", rtx: false }],
      forward: [{ atMs: 0, delayMs: 10, loss: random(0.02) }],
    },
    bounds: { ...NOTHING_MISSED, latencyP95Ms: 50, requestsPerLoss: 1.2, plis: 3 },
  },
  {
    scenario: {
      name: "2 % loss each way over a long path",
      durationMs: MINUTE,
      forward: [{ atMs: 0, delayMs: 75, loss: random(0.02) }],
    },
    bounds: { missedPart: 0.01, latencyP95Ms: 300, requestsPerLoss: 1.5, plis: 10 },
  },
  {
    scenario: { name: "10 % loss in bursts", durationMs: MINUTE, forward: [{ atMs: 0, delayMs: 10, loss: BURSTS }] },
    bounds: { missedPart: 0.005, freezes: 8, longestPauseMs: 300, latencyP95Ms: 90, requestsPerLoss: 2, plis: 20 },
  },
  {
    scenario: { name: "reordering", durationMs: MINUTE, forward: [{ atMs: 0, delayMs: 10, jitterMs: 4 }] },
    bounds: { ...NOTHING_MISSED, firstPictureMs: 60, latencyP95Ms: 16, packetsRequested: 80, plis: 1 },
  },
  {
    scenario: {
      name: "reordering and 2 % loss",
      durationMs: MINUTE,
      forward: [{ atMs: 0, delayMs: 10, jitterMs: 4, loss: random(0.02) }],
    },
    bounds: { ...NOTHING_MISSED, latencyP95Ms: 60, requestsPerLoss: 1.6, plis: 3 },
  },
  {
    scenario: { name: "duplicates", durationMs: MINUTE, forward: [{ atMs: 0, delayMs: 10, duplication: 0.1 }] },
    bounds: { ...NOTHING_MISSED, ...NO_REPAIR, latencyP95Ms: 15, latencyMaxMs: 45 },
  },
  {
    scenario: {
      name: "an outage of half a second",
      durationMs: 20_000,
      forward: [
        { atMs: 0, delayMs: 10 },
        { atMs: 5_000, delayMs: 10, loss: random(1) },
        { atMs: 5_500, delayMs: 10 },
      ],
    },
    bounds: { missedPart: 0.04, freezes: 1, longestPauseMs: 700, plis: 3 },
    expected: { events: ["stream-started 10"] },
  },
  {
    scenario: {
      name: "an outage of four seconds",
      durationMs: 20_000,
      forward: [
        { atMs: 0, delayMs: 10 },
        { atMs: 5_000, delayMs: 10, loss: random(1) },
        { atMs: 9_000, delayMs: 10 },
      ],
    },
    bounds: { freezes: 1, longestPauseMs: 4_300, plis: 5 },
    expected: { shown: ["sender"] },
  },
  {
    scenario: {
      name: "a still picture on a bad link",
      durationMs: 10_000,
      senders: [{ address: "a", source: { ...STEADY_SOURCE, stillFromMs: 3_000 } }],
      forward: [{ atMs: 0, delayMs: 10, loss: random(0.2) }],
    },
    bounds: {},
    expected: { endsUpToDate: true },
  },
  {
    scenario: {
      name: "the last frame's tail is lost, and the first announcements too",
      durationMs: 10_000,
      senders: [{ address: "a", source: { ...STEADY_SOURCE, fps: 1, frameBytes: 40_000, stillFromMs: 3_100 } }],
      forward: [
        { atMs: 0, delayMs: 10 },
        { atMs: 3_000, delayMs: 10, loss: random(0.5) },
        { atMs: 3_002, delayMs: 10, loss: random(1) },
        { atMs: 3_040, delayMs: 10 },
      ],
      backward: [{ atMs: 0, delayMs: 10 }],
    },
    bounds: { ...NOTHING_MISSED, longestPauseMs: 130, plis: 0 },
    expected: { endsUpToDate: true },
  },
  {
    scenario: {
      name: "a viewer that joins a moving picture",
      durationMs: 10_000,
      viewerJoinsAtMs: 5_000,
      forward: [{ atMs: 0, delayMs: 10 }],
    },
    bounds: { ...NOTHING_MISSED, firstPictureMs: 120, plis: 2 },
  },
  {
    scenario: {
      name: "a viewer that joins a still picture",
      durationMs: 10_000,
      senders: [{ address: "a", source: { ...STEADY_SOURCE, stillFromMs: 1_000 } }],
      viewerJoinsAtMs: 5_000,
      forward: [{ atMs: 0, delayMs: 10 }],
    },
    bounds: { firstPictureMs: 200, plis: 1 },
    expected: { endsUpToDate: true, senderEvents: ["receiver-silent", "receiver-appeared", "keyframe-requested"] },
  },
  {
    scenario: {
      name: "a sender that ends and starts again",
      durationMs: 10_000,
      senders: [
        { address: "a", stops: { atMs: 4_000, how: "goodbye" } },
        { address: "a", startsAtMs: 4_300 },
      ],
      forward: [{ atMs: 0, delayMs: 10 }],
    },
    bounds: { ...NO_REPAIR, freezes: 1, longestPauseMs: 360 },
    expected: { events: ["stream-started 10", "stream-ended 4010", "stream-started 4310"], endsUpToDate: true },
  },
  {
    scenario: {
      name: "a sender that crashes and starts again",
      durationMs: 10_000,
      senders: [
        { address: "a", stops: { atMs: 4_000, how: "crash" } },
        { address: "a", startsAtMs: 4_300 },
      ],
      forward: [{ atMs: 0, delayMs: 10 }],
    },
    bounds: { packetsRequested: 0, freezes: 1, longestPauseMs: 360, plis: 1 },
    expected: { events: ["stream-started 10", "stream-started 4310"], endsUpToDate: true },
  },
  {
    scenario: {
      name: "a second sender that comes while the first is live",
      durationMs: 10_000,
      senders: [{ address: "a" }, { address: "b", startsAtMs: 3_000 }],
      forward: [{ atMs: 0, delayMs: 10 }],
    },
    bounds: { ...NOTHING_MISSED, ...NO_REPAIR },
    expected: { shown: ["a"], events: ["stream-started 10"] },
  },
  {
    scenario: {
      name: "a second sender that takes over from one that crashed",
      durationMs: 10_000,
      senders: [
        { address: "a", stops: { atMs: 5_000, how: "crash" } },
        { address: "b", startsAtMs: 3_000 },
      ],
      forward: [{ atMs: 0, delayMs: 10 }],
    },
    bounds: { plis: 3 },
    expected: { shown: ["a", "b"], endsUpToDate: true },
  },
  {
    scenario: {
      name: "a sender that falls silent for good",
      durationMs: 10_000,
      senders: [{ address: "a", stops: { atMs: 5_000, how: "crash" } }],
      forward: [{ atMs: 0, delayMs: 10 }],
    },
    bounds: {},
    expected: { events: ["stream-started 10", "stream-silent 7011"] },
  },
];
