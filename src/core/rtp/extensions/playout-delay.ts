import { type Micros, millis, toMillis } from "../../time.js";
import { readUint24, writeUint24 } from "../byte-order.js";

/** Names the playout delay in a session description (webrtc.org, "Playout Delay"). */
export const PLAYOUT_DELAY_URI = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

/** How long a receiver should hold frames back, at least and at most. Both 0: show each as soon as it is there. */
export interface PlayoutDelay {
  /** At least; 0 … 40.95 s in steps of 10 ms. */
  readonly min: Micros;
  /** At most; 0 … 40.95 s in steps of 10 ms, not below `min`. */
  readonly max: Micros;
}

const STEP_MS = 10;
const MAX_STEPS = 0xfff;

/**
 * The data of a playout delay, rounded to 10 ms and held within its range.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  ID   | len=2 |       MIN delay       |       MAX delay       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function writePlayoutDelay({ min, max }: PlayoutDelay): Uint8Array {
  const data = new Uint8Array(3);
  writeUint24(data, 0, (toSteps(min) << 12) | toSteps(max));
  return data;
}

/** Reads {@link writePlayoutDelay}; undefined if the size is wrong or the minimum above the maximum. */
export function readPlayoutDelay(data: Uint8Array): PlayoutDelay | undefined {
  if (data.length !== 3) return undefined;
  const both = readUint24(data, 0);
  const min = both >> 12;
  const max = both & MAX_STEPS;
  return min <= max ? { min: millis(min * STEP_MS), max: millis(max * STEP_MS) } : undefined;
}

function toSteps(delay: Micros): number {
  return Math.min(Math.max(Math.round(toMillis(delay) / STEP_MS), 0), MAX_STEPS);
}
