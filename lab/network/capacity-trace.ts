import type { Micros } from "sightline/core";

/** What a model of a radio draws: a capacity for each slot of time. */
export interface CapacityTrace {
  readonly slot: Micros;
  /** Bits per second in the slot number `index`; asked for in order, each once. */
  next(index: number): number;
}
