/**
 * What those who watch notice of others who come: a viewer joins a share every two seconds for a minute. Prints the longest
 * time between two frames for each. `node dist/bench/joins.js screen` shares a screen instead of the test pattern.
 */

import { setTimeout as pause } from "node:timers/promises";
import { ageAt, gapsOf, longestOf } from "./viewers/arrivals.js";
import { openBenchShare } from "./viewers/bench-share.js";
import type { Arrival } from "./viewers/link-client.js";
import { LinkClients } from "./viewers/link-clients.js";

const WATCHING = 3;
const JOINS = 30;
const JOIN_EVERY_MS = 2_000;
const WARM_UP_MS = 3_000;
/** Nobody should see a longer one. */
const NOTICEABLE_MS = 60;

const { sharing, endpoint } = await openBenchShare();
// Who joins has a process of their own: what joining costs a viewer is nobody else's time.
const [watching, joining] = [new LinkClients(), new LinkClients()];
for (let i = 0; i < WATCHING; i++) await watching.join(endpoint);
await pause(WARM_UP_MS);
await watching.arrivals();
const joinedAtMs: number[] = [];
for (let i = 0; i < JOINS; i++) {
  joinedAtMs.push(performance.timeOrigin + performance.now());
  await Promise.all([joining.join(endpoint), pause(JOIN_EVERY_MS)]);
}

report("from the start", await watching.arrivals());
report("joined meanwhile", await joining.arrivals());
for (const clients of [watching, joining]) clients.close();
await sharing.close();
process.exit(); // what the library holds of viewers that ended is no reason to stay

function report(label: string, viewers: readonly (readonly Arrival[])[]): void {
  const gaps = viewers.map(gapsOf);
  const all = viewers.flat();
  const noticeable = gaps.flat().filter(({ gapMs }) => gapMs > NOTICEABLE_MS).length;
  const keyframes = viewers[0]?.filter(({ keyframe }) => keyframe).length ?? 0;
  console.log(`${label}: longest gap of each ${gaps.map((each) => longestOf(each).toFixed(0)).join(" ")} ms`);
  console.log(`  ${noticeable} over ${NOTICEABLE_MS} ms; the first had ${keyframes} keyframes`);
  for (const { gapMs, end } of gaps[0] ?? []) {
    if (gapMs <= NOTICEABLE_MS) continue;
    const sinceMs = end.atMs - (joinedAtMs.findLast((at) => at < end.atMs) ?? Number.NaN);
    const frame = `${end.keyframe ? "a keyframe" : "a frame"} of ${(end.bytes / 1_000).toFixed(0)} kB`;
    const when = `${sinceMs.toFixed(0)} ms after a join`;
    console.log(`  the first: ${gapMs.toFixed(0)} ms, until ${frame}, ${end.ageMs.toFixed(0)} ms old, ${when}`);
  }
  console.log(`  age p50 ${ageAt(0.5, all).toFixed(1)}, p95 ${ageAt(0.95, all).toFixed(1)} ms of ${all.length} frames`);
}
