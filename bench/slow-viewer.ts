/**
 * What three viewers notice of a fourth whose path carries 1.5 Mb/s: their frames' age with and without it, and its own longest
 * gap once it has its rung. `node dist/bench/slow-viewer.js screen` shares a screen instead of the test pattern.
 */

import { setTimeout as pause } from "node:timers/promises";
import { ageAt, gapsOf, longestOf } from "./viewers/arrivals.js";
import { openBenchShare } from "./viewers/bench-share.js";
import type { Arrival } from "./viewers/link-client.js";
import { LinkClients } from "./viewers/link-clients.js";

const GOOD = 3;
const SLOW_BPS = 1.5e6;
const ROUNDS = 2;
const MEASURED_MS = 12_000;
/** How long the slow one may take to its rung; afterwards it must not freeze. */
const SETTLED_AFTER_MS = 3_000;
/** Its encoding ends so long after it has left. */
const GONE_AFTER_MS = 6_000;

// Coded as a camera's pictures it takes all it is given, so that the slow one cannot follow.
const { sharing, endpoint } = await openBenchShare({ profile: "camera", bitrateBps: 6e6 });
const [good, slow] = [new LinkClients(), new LinkClients()];
for (let i = 0; i < GOOD; i++) await good.join(endpoint);
await pause(SETTLED_AFTER_MS);
for (let round = 0; round < ROUNDS; round++) {
  report("three good ones alone", await during(good));
  const viewer = await slow.join(endpoint, SLOW_BPS);
  await pause(SETTLED_AFTER_MS);
  await slow.arrivals();
  report("three good ones beside the slow one", await during(good));
  const { rung, targetBitrateBps = 0 } = sharing.statistics().viewers.at(-1)!;
  report(`the slow one (rung ${rung}, target ${(targetBitrateBps / 1e6).toFixed(2)} Mb/s)`, await slow.arrivals());
  await slow.leave(viewer);
  await pause(GONE_AFTER_MS);
}
for (const clients of [good, slow]) clients.close();
await sharing.close();
process.exit(); // what the library holds of viewers that ended is no reason to stay

async function during(clients: LinkClients): Promise<readonly (readonly Arrival[])[]> {
  await clients.arrivals();
  await pause(MEASURED_MS);
  return clients.arrivals();
}

function report(label: string, viewers: readonly (readonly Arrival[])[]): void {
  const present = viewers.filter((arrivals) => arrivals.length > 0);
  const all = present.flat();
  const fps = (all.length / Math.max(1, present.length) / MEASURED_MS) * 1_000;
  const ages = `age p50 ${ageAt(0.5, all).toFixed(1)}, p95 ${ageAt(0.95, all).toFixed(1)} ms`;
  const longest = Math.max(...present.map((arrivals) => longestOf(gapsOf(arrivals))));
  console.log(`${label.padEnd(48)} ${ages}, ${fps.toFixed(1)} fps, longest gap ${longest.toFixed(0)} ms`);
}
