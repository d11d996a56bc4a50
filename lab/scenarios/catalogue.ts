import type { SourceModel } from "../endpoints/sources.js";
import { burstLoss, randomLoss } from "../network/loss.js";
import type { LinkStep } from "../network/simulated-link.js";
import { type Scenario, STEADY_SOURCE } from "../scenario.js";

/** A scenario that people look at. */
export interface CatalogueEntry {
  /** What it is called on the command line. */
  readonly key: string;
  readonly scenario: Scenario;
}

const MBPS = 1e6;
const HALF_MINUTE = 30_000;
const TEXT: SourceModel = { kind: "screen", fps: 30, frameBytes: 4_000, pageBytes: 150_000, pageEveryMs: 2_000 };
/** A page that scrolls: every frame is new. */
const SCROLLING: SourceModel = { kind: "screen", fps: 30, frameBytes: 40_000, pageBytes: 150_000, pageEveryMs: 10_000 };
const CAMERA: SourceModel = { kind: "camera", fps: 30 };

/** The scenarios of `npm run lab`. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  entry("clean", "a clean path of 20 ms", TEXT, [{ atMs: 0, delayMs: 10 }]),
  entry("random-loss", "5 % of the packets lost each way, 40 ms round trip", TEXT, [
    { atMs: 0, delayMs: 20, loss: randomLoss(0.05) },
  ]),
  entry("burst-loss", "10 % lost each way, in bursts of three", TEXT, [
    { atMs: 0, delayMs: 20, loss: burstLoss({ rate: 0.1, meanBurst: 3 }) },
  ]),
  entry("heavy-loss", "20 % lost each way", TEXT, [{ atMs: 0, delayMs: 20, loss: randomLoss(0.2) }]),
  entry("far-away", "2 % lost each way, 200 ms round trip", TEXT, [{ atMs: 0, delayMs: 100, loss: randomLoss(0.02) }]),
  entry("jitter", "packets that overtake each other, by up to 30 ms", TEXT, [{ atMs: 0, delayMs: 15, jitterMs: 30 }]),
  entry("narrow", "a scrolling page through 4 Mb/s", SCROLLING, [
    { atMs: 0, delayMs: 10, rateBps: 4 * MBPS, queueMs: 200 },
  ]),
  entry("drop", "20, then 3, then 20 Mb/s", CAMERA, [
    { atMs: 0, delayMs: 10, rateBps: 20 * MBPS, queueMs: 200 },
    { atMs: 10_000, delayMs: 10, rateBps: 3 * MBPS, queueMs: 200 },
    { atMs: 20_000, delayMs: 10, rateBps: 20 * MBPS, queueMs: 200 },
  ]),
  entry("outage", "a path that is gone for a second", TEXT, [
    { atMs: 0, delayMs: 10 },
    { atMs: 10_000, delayMs: 10, loss: randomLoss(1) },
    { atMs: 11_000, delayMs: 10 },
  ]),
  entry("wifi", "a Wi-Fi channel with neighbours and interference", CAMERA, [
    {
      atMs: 0,
      delayMs: 3,
      rateBps: { kind: "wifi", meanMcs: 4, contenders: 3, stallsPerSecond: 1 },
      queueMs: 200,
      loss: burstLoss({ rate: 0.005, meanBurst: 4 }),
    },
  ]),
  entry("lte", "a phone in a car", CAMERA, [
    {
      atMs: 0,
      delayMs: 25,
      rateBps: {
        kind: "lte",
        bandwidthHz: 10e6,
        meanSnrDb: 12,
        speedMps: 14,
        otherUsers: 1.5,
        handoversPerMinute: 4,
      },
      queueMs: 500,
    },
  ]),
  {
    key: "shared",
    scenario: {
      name: "20 Mb/s shared with bursts of 12 Mb/s that yield to nobody",
      durationMs: HALF_MINUTE,
      senders: [{ address: "sender", source: CAMERA }],
      forward: [{ atMs: 0, delayMs: 10, rateBps: 20 * MBPS, queueMs: 200 }],
      backward: [{ atMs: 0, delayMs: 10 }],
      crossTraffic: [
        { startsAtMs: 5_000, traffic: { kind: "on-off", bitrateBps: 12 * MBPS, onMs: 1_500, offMs: 1_500 } },
      ],
    },
  },
  ...(["cubic", "bbr"] as const).map(
    (variant): CatalogueEntry => ({
      key: variant === "cubic" ? "download" : `download-${variant}`,
      scenario: {
        name: `20 Mb/s shared with a TCP download for ten seconds (${variant.toUpperCase()})`,
        durationMs: HALF_MINUTE,
        senders: [{ address: "sender", source: CAMERA }],
        forward: [{ atMs: 0, delayMs: 10, rateBps: 20 * MBPS, queueMs: 200 }],
        backward: [{ atMs: 0, delayMs: 10 }],
        crossTraffic: [{ startsAtMs: 8_000, stopsAtMs: 18_000, traffic: { kind: "tcp", variant } }],
      },
    }),
  ),
  {
    key: "restart",
    scenario: {
      name: "a sender that crashes and is back after a second, 2 % lost",
      durationMs: HALF_MINUTE,
      senders: [
        { address: "sender", source: STEADY_SOURCE, stops: { atMs: 10_000, how: "crash" } },
        { address: "sender", source: STEADY_SOURCE, startsAtMs: 11_000 },
      ],
      forward: [{ atMs: 0, delayMs: 10, loss: randomLoss(0.02) }],
    },
  },
];

/** One sender; the way back loses as the way out does, but is wide. */
function entry(key: string, name: string, source: SourceModel, forward: readonly LinkStep[]): CatalogueEntry {
  const backward = forward.map(({ rateBps: _, queueMs: __, ...conditions }) => conditions);
  return {
    key,
    scenario: { name, durationMs: HALF_MINUTE, senders: [{ address: "sender", source }], forward, backward },
  };
}
