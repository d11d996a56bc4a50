import { elapsed, later, type Micros, micros, NEVER, SeededRng } from "sightline/core";
import type { CapacityTrace } from "./capacity-trace.js";
import { type LteCapacity, lteCapacity } from "./lte-capacity.js";
import { type WifiCapacity, wifiCapacity } from "./wifi-capacity.js";

/** What a bottleneck carries: always the same, in bits per second, or drawn from a model of a radio. */
export type CapacityModel = number | WifiCapacity | LteCapacity;

/** A part of time in which the capacity stays the same. */
export interface CapacitySpan {
  readonly bitrateBps: number;
  readonly until: Micros;
}

/** A capacity over time, seeded. */
export class Capacity {
  private readonly start: Micros;
  private readonly model: CapacityModel;
  private readonly trace: CapacityTrace | undefined;
  private readonly drawn: number[] = [];

  constructor(model: CapacityModel, { seed, start }: { readonly seed: number; readonly start: Micros }) {
    this.start = start;
    this.model = model;
    this.trace = typeof model === "number" ? undefined : createTrace(model, seed);
  }

  /** What it is at `at`, and until when. */
  spanAt(at: Micros): CapacitySpan {
    if (this.trace === undefined) return { bitrateBps: this.model as number, until: NEVER };
    const { slot } = this.trace;
    const index = Math.max(Math.floor(elapsed(this.start, at) / slot), 0);
    while (this.drawn.length <= index) this.drawn.push(this.trace.next(this.drawn.length));
    return { bitrateBps: this.drawn[index]!, until: later(this.start, micros((index + 1) * slot)) };
  }
}

function createTrace(model: WifiCapacity | LteCapacity, seed: number): CapacityTrace {
  const rng = new SeededRng(seed);
  return model.kind === "wifi" ? wifiCapacity(model, rng) : lteCapacity(model, rng);
}
