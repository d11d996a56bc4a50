import { type Micros, micros } from "../core/index.js";

/** The time now, in microseconds since the Unix epoch, on a clock that never steps back. */
export function now(): Micros {
  return micros(Math.round((performance.timeOrigin + performance.now()) * 1_000));
}
