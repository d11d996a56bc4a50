import { millis, type Rng, uniform } from "sightline/core";
import type { CapacityTrace } from "./capacity-trace.js";
import { exponential } from "./distributions.js";

/** A station on a Wi-Fi channel that is not its own: what reaches it moves with its distance, its neighbours and interference. */
export interface WifiCapacity {
  readonly kind: "wifi";
  /** The modulation and coding scheme that the station's distance allows in the mean: 0 … 7. */
  readonly meanMcs: number;
  /** Other stations that send in bursts; those that send share the channel's time with this one. */
  readonly contenders: number;
  /** How often interference takes the channel altogether. */
  readonly stallsPerSecond: number;
}

/** 20 MHz, one spatial stream, long guard interval: IEEE 802.11n, MCS 0 … 7. */
const PHY_RATES_BPS = [6.5e6, 13e6, 19.5e6, 26e6, 39e6, 52e6, 58.5e6, 65e6];
/** What is left for IP packets after preambles, contention and acknowledgements, with short aggregates. */
const MAC_EFFICIENCY = 0.65;
/** Minstrel, the usual rate control, looks at its statistics that often. */
const ADAPTATION_MS = 100;
/** How likely the rate moves then, and how strongly it is drawn back to its mean. */
const MOVE_PROBABILITY = 0.3;
const PULL = 0.15;
/** Means of how long a neighbour sends and pauses: web pages and video segments. */
const CONTENDER_SENDS_MS = 400;
const CONTENDER_PAUSES_MS = 1_600;
/** Mean and maximum of the time that interference takes: retries until the frame is through or given up. */
const STALL_MS = 25;
const LONGEST_STALL_MS = 120;
const SLOT_MS = 5;

/** Draws a trace of what a station of this kind gets. */
export function wifiCapacity({ meanMcs, contenders, stallsPerSecond }: WifiCapacity, rng: Rng): CapacityTrace {
  let mcs = meanMcs;
  let stallUntil = 0;
  let nextStall = exponential(rng, 1_000 / stallsPerSecond);
  const neighbours = Array.from({ length: contenders }, () => ({
    sends: false,
    until: exponential(rng, CONTENDER_PAUSES_MS),
  }));
  return {
    slot: millis(SLOT_MS),
    next: (index) => {
      const now = index * SLOT_MS;
      if (now % ADAPTATION_MS === 0) mcs = adapt(mcs, meanMcs, rng);
      for (const neighbour of neighbours) {
        if (now < neighbour.until) continue;
        neighbour.sends = !neighbour.sends;
        neighbour.until = now + exponential(rng, neighbour.sends ? CONTENDER_SENDS_MS : CONTENDER_PAUSES_MS);
      }
      if (now >= nextStall) {
        stallUntil = now + Math.min(exponential(rng, STALL_MS), LONGEST_STALL_MS);
        nextStall = stallUntil + exponential(rng, 1_000 / stallsPerSecond);
      }
      if (now < stallUntil) return 0;
      const senders = 1 + neighbours.filter(({ sends }) => sends).length;
      return (PHY_RATES_BPS[Math.round(mcs)]! * MAC_EFFICIENCY) / senders;
    },
  };
}

function adapt(mcs: number, mean: number, rng: Rng): number {
  if (uniform(rng) >= MOVE_PROBABILITY) return mcs;
  const up = 0.5 - PULL * (mcs - mean);
  return Math.min(Math.max(mcs + (uniform(rng) < up ? 1 : -1), 0), PHY_RATES_BPS.length - 1);
}
