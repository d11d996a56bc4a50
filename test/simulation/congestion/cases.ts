import type { LinkStep } from "../../../lab/network/simulated-link.js";
import type { TcpTraffic } from "../../../lab/traffic/tcp-flow.js";
import type { CongestionRun, CongestionScenario } from "./run-congestion.js";
import type { SourceModel } from "./sources.js";

/** A scenario and what must come of it. */
export interface CongestionCase {
  readonly scenario: CongestionScenario;
  readonly bounds: readonly Bound[];
}

/** Something measured, and between what it must lie. */
export interface Bound {
  readonly what: string;
  readonly measure: (run: CongestionRun) => number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

const CAMERA: SourceModel = { kind: "camera", fps: 30 };
const SCREEN: SourceModel = { kind: "screen", fps: 30, frameBytes: 4_000, flipBytes: 300_000, flipEveryMs: 2_000 };
const MBPS = 1e6;

const LAN: LinkStep = { atMs: 0, delayMs: 0.3, rateBps: 1_000 * MBPS, queueMs: 20 };

function broadband(rateBps: number, queueMs = 200): LinkStep {
  return { atMs: 0, delayMs: 10, rateBps, queueMs };
}

function lossy(rate: number): LinkStep {
  return { atMs: 0, delayMs: 20, rateBps: 20 * MBPS, queueMs: 200, loss: { kind: "bernoulli", rate } };
}

/** 20 → 3 → 20 Mb/s. */
const DROP: readonly LinkStep[] = [
  broadband(20 * MBPS),
  { ...broadband(3 * MBPS), atMs: 10_000 },
  { ...broadband(20 * MBPS), atMs: 20_000 },
];

function throughputMbps(flow: string, fromMs: number, toMs: number, bounds: Pick<Bound, "atLeast" | "atMost">): Bound {
  const what = `Mb/s of ${flow}, ${fromMs / 1_000}–${toMs / 1_000} s`;
  return { what, measure: (run) => run.throughputBps(flow, fromMs, toMs) / MBPS, ...bounds };
}

function targetMbps(
  flow: string,
  fromMs: number,
  toMs: number,
  { atLeast, atMost }: Pick<Bound, "atLeast" | "atMost">,
) {
  const what = `target of ${flow}, ${fromMs / 1_000}–${toMs / 1_000} s`;
  return [
    ...(atLeast === undefined
      ? []
      : [{ what, measure: (run: CongestionRun) => run.targetRangeBps(flow, fromMs, toMs).least / MBPS, atLeast }]),
    ...(atMost === undefined
      ? []
      : [{ what, measure: (run: CongestionRun) => run.targetRangeBps(flow, fromMs, toMs).most / MBPS, atMost }]),
  ];
}

function queueP95Ms(flow: string, atMost: number, fromMs = 0): Bound {
  return { what: `queue p95 of ${flow}`, measure: (run) => run.queueDelayMs(flow, 0.95, fromMs), atMost };
}

function frameP95Ms(flow: string, atMost: number, fromMs = 0): Bound {
  return { what: `frame delay p95 of ${flow}`, measure: (run) => run.frameDelayMs(flow, 0.95, fromMs), atMost };
}

function share(
  flow: string,
  fromMs: number,
  toMs: number,
  { atLeast, atMost }: Pick<Bound, "atLeast" | "atMost">,
): Bound {
  return {
    what: `share of ${flow} in 20 Mb/s`,
    measure: (run) => run.throughputBps(flow, fromMs, toMs) / (20 * MBPS),
    ...(atLeast !== undefined && { atLeast }),
    ...(atMost !== undefined && { atMost }),
  };
}

/** Two streams and a TCP flow over 20 Mb/s. */
function shared(variant: TcpTraffic["variant"], { seed = 1, queueMs = 50, isTcpFirst = false } = {}): CongestionCase {
  const settled = [12_000, 40_000] as const;
  const [streamsAtMs, tcpAtMs] = isTcpFirst ? [4_000, 0] : [0, 2_000];
  return {
    scenario: {
      name: `two streams and ${isTcpFirst ? "an older" : "a"} ${variant} flow over 20 Mb/s, ${queueMs} ms of buffer (seed ${seed})`,
      durationMs: settled[1],
      seed,
      forward: [broadband(20 * MBPS, queueMs)],
      flows: [
        { kind: "media", name: "a", source: CAMERA, startsAtMs: streamsAtMs },
        { kind: "media", name: "b", source: CAMERA, startsAtMs: streamsAtMs + 1_000 },
        { kind: "tcp", name: "tcp", variant, startsAtMs: tcpAtMs },
      ],
    },
    bounds: [
      share("a", ...settled, { atLeast: 0.25, atMost: 0.45 }),
      share("b", ...settled, { atLeast: 0.25, atMost: 0.45 }),
      share("tcp", ...settled, { atLeast: 0.2 }),
      queueP95Ms("a", 60, settled[0]),
      queueP95Ms("b", 60, settled[0]),
    ],
  };
}

/** Paths and flows, and what congestion control must make of them. */
export const CASES: readonly CongestionCase[] = [
  {
    scenario: {
      name: "a camera on a LAN",
      durationMs: 3_000,
      forward: [LAN],
      flows: [{ kind: "media", name: "a", source: CAMERA }],
    },
    bounds: [
      { what: "ms until 50 Mb/s", measure: (run) => run.reachedMs("a", 50 * MBPS), atMost: 500 },
      queueP95Ms("a", 2),
    ],
  },
  {
    scenario: {
      name: "a screen on a LAN",
      durationMs: 6_000,
      forward: [LAN],
      flows: [{ kind: "media", name: "a", source: SCREEN }],
    },
    bounds: [
      { what: "ms until 50 Mb/s", measure: (run) => run.reachedMs("a", 50 * MBPS), atMost: 500 },
      ...targetMbps("a", 1_000, 6_000, { atLeast: 50 }),
      { what: "frame delay of a page flip", measure: (run) => run.frameDelayMs("a", 1, 1_000), atMost: 12 },
    ],
  },
  {
    scenario: {
      name: "a camera over 20 Mb/s",
      durationMs: 20_000,
      forward: [broadband(20 * MBPS)],
      flows: [{ kind: "media", name: "a", source: CAMERA }],
    },
    bounds: [
      throughputMbps("a", 1_000, 20_000, { atLeast: 15.5, atMost: 20 }),
      queueP95Ms("a", 25),
      frameP95Ms("a", 60),
    ],
  },
  {
    scenario: {
      name: "a screen over 20 Mb/s",
      durationMs: 20_000,
      forward: [broadband(20 * MBPS)],
      flows: [{ kind: "media", name: "a", source: SCREEN }],
    },
    bounds: [...targetMbps("a", 1_000, 20_000, { atLeast: 10, atMost: 22 }), queueP95Ms("a", 40)],
  },
  {
    scenario: {
      name: "a camera over 3 Mb/s",
      durationMs: 20_000,
      forward: [broadband(3 * MBPS)],
      flows: [{ kind: "media", name: "a", source: CAMERA }],
    },
    bounds: [throughputMbps("a", 2_000, 20_000, { atLeast: 2.2, atMost: 3 }), queueP95Ms("a", 60, 1_000)],
  },
  {
    scenario: {
      name: "a camera over 20, 3 and 20 Mb/s",
      durationMs: 30_000,
      forward: DROP,
      flows: [{ kind: "media", name: "a", source: CAMERA }],
    },
    bounds: [
      frameP95Ms("a", 250),
      {
        what: "frame delay p95 one second after the drop",
        measure: (run) => run.frameDelayMs("a", 0.95, 11_000, 20_000),
        atMost: 100,
      },
      throughputMbps("a", 11_000, 20_000, { atLeast: 2.1, atMost: 3 }),
      { what: "ms until 15 Mb/s are back", measure: (run) => run.reachedMs("a", 15 * MBPS, 20_000), atMost: 5_000 },
    ],
  },
  {
    scenario: {
      name: "a screen over 20, 3 and 20 Mb/s",
      durationMs: 30_000,
      forward: DROP,
      flows: [{ kind: "media", name: "a", source: SCREEN }],
    },
    bounds: [
      frameP95Ms("a", 250),
      ...targetMbps("a", 13_000, 20_000, { atLeast: 1.5, atMost: 3 }),
      { what: "ms until 12 Mb/s are back", measure: (run) => run.reachedMs("a", 12 * MBPS, 20_000), atMost: 6_000 },
    ],
  },
  {
    scenario: {
      name: "a camera over 20 Mb/s that stall for a fifth of a second",
      durationMs: 14_000,
      forward: [
        broadband(20 * MBPS),
        { ...broadband(0.3 * MBPS), atMs: 10_000 },
        { ...broadband(20 * MBPS), atMs: 10_200 },
      ],
      flows: [{ kind: "media", name: "a", source: CAMERA }],
    },
    bounds: [
      { what: "ms until 12 Mb/s are back", measure: (run) => run.reachedMs("a", 12 * MBPS, 10_300), atMost: 2_000 },
    ],
  },
  ...[CAMERA, SCREEN].map(
    (source): CongestionCase => ({
      scenario: {
        name: `a ${source.kind} and jitter that reorders`,
        durationMs: 20_000,
        forward: [{ atMs: 0, delayMs: 15, jitterMs: 30 }],
        flows: [{ kind: "media", name: "a", source }],
      },
      bounds: targetMbps("a", 500, 20_000, { atLeast: 7 }),
    }),
  ),
  ...[0.05, 0.1, 0.2].map(
    (rate): CongestionCase => ({
      scenario: {
        name: `${rate * 100} % random loss each way`,
        durationMs: 20_000,
        forward: [lossy(rate)],
        backward: [{ atMs: 0, delayMs: 20, loss: { kind: "bernoulli", rate } }],
        flows: [{ kind: "media", name: "a", source: CAMERA }],
      },
      bounds: [throughputMbps("a", 2_000, 20_000, { atLeast: 5 }), ...targetMbps("a", 2_000, 20_000, { atLeast: 5 })],
    }),
  ),
  {
    scenario: {
      name: "a screen and 20 % random loss each way",
      durationMs: 20_000,
      forward: [lossy(0.2)],
      backward: [{ atMs: 0, delayMs: 20, loss: { kind: "bernoulli", rate: 0.2 } }],
      flows: [{ kind: "media", name: "a", source: SCREEN }],
    },
    bounds: targetMbps("a", 1_000, 20_000, { atLeast: 5 }),
  },
  {
    scenario: {
      name: "a policer without a queue at 5 Mb/s",
      durationMs: 20_000,
      forward: [broadband(5 * MBPS, 10)],
      flows: [{ kind: "media", name: "a", source: CAMERA }],
    },
    bounds: [throughputMbps("a", 5_000, 20_000, { atLeast: 2 }), ...targetMbps("a", 5_000, 20_000, { atMost: 7 })],
  },
  {
    scenario: {
      name: "half of the feedback is lost",
      durationMs: 20_000,
      forward: [broadband(20 * MBPS)],
      backward: [{ atMs: 0, delayMs: 10, loss: { kind: "bernoulli", rate: 0.5 } }],
      flows: [{ kind: "media", name: "a", source: CAMERA }],
    },
    bounds: [throughputMbps("a", 3_000, 20_000, { atLeast: 12, atMost: 20 }), queueP95Ms("a", 60)],
  },
  {
    scenario: {
      name: "an outage of a second",
      durationMs: 20_000,
      forward: [
        broadband(20 * MBPS),
        { ...broadband(20 * MBPS), atMs: 8_000, loss: { kind: "bernoulli", rate: 1 } },
        { ...broadband(20 * MBPS), atMs: 9_000 },
      ],
      flows: [{ kind: "media", name: "a", source: CAMERA }],
    },
    bounds: [
      { what: "target at its end", measure: (run) => run.targetBps("a", 9_000) / MBPS, atMost: 10 },
      { what: "ms until 10 Mb/s are back", measure: (run) => run.reachedMs("a", 10 * MBPS, 9_000), atMost: 3_000 },
    ],
  },
  {
    scenario: {
      name: "two streams over 20 Mb/s, the second ten seconds later",
      durationMs: 40_000,
      forward: [broadband(20 * MBPS)],
      flows: [
        { kind: "media", name: "a", source: CAMERA },
        { kind: "media", name: "b", source: CAMERA, startsAtMs: 10_000 },
      ],
    },
    bounds: [
      share("a", 15_000, 40_000, { atLeast: 0.25 }),
      share("b", 15_000, 40_000, { atLeast: 0.25 }),
      queueP95Ms("a", 60),
      queueP95Ms("b", 60),
    ],
  },
  shared("cubic"),
  shared("cubic", { seed: 2 }),
  shared("reno"),
  shared("bbr"),
  shared("bbr", { isTcpFirst: true }),
  {
    scenario: {
      name: "a receiver that only reports, behind 5 Mb/s",
      durationMs: 15_000,
      forward: [broadband(5 * MBPS, 100)],
      flows: [{ kind: "media", name: "a", source: CAMERA, feedback: "reports" }],
    },
    bounds: targetMbps("a", 3_000, 15_000, { atLeast: 2, atMost: 7 }),
  },
  {
    scenario: {
      name: "a receiver that only reports, on a free path",
      durationMs: 5_000,
      forward: [LAN],
      flows: [{ kind: "media", name: "a", source: CAMERA, feedback: "reports" }],
    },
    bounds: targetMbps("a", 0, 5_000, { atLeast: 8, atMost: 8 }),
  },
  {
    scenario: {
      name: "a receiver that answers nothing",
      durationMs: 6_000,
      forward: [LAN],
      flows: [
        { kind: "media", name: "a", source: CAMERA, feedback: "none", congestion: { startBitrateBps: 20 * MBPS } },
      ],
    },
    bounds: [
      ...targetMbps("a", 0, 2_500, { atLeast: 20, atMost: 20 }),
      ...targetMbps("a", 3_500, 6_000, { atLeast: 8, atMost: 8 }),
    ],
  },
];
