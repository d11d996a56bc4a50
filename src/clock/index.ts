import { type Micros, micros } from "../core/index.js";

/** The time: microseconds since the Unix epoch, from a clock that never steps back while the process lives. */
export function now(): Micros {
  return micros((performance.timeOrigin + performance.now()) * 1_000);
}
