import { elapsed, type Micros, micros, millis } from "sightline/core";
import type { CapacitySpan } from "./capacity.js";

/** UDP and IP headers take their part of the capacity too. */
const HEADER_BYTES = 28;
/** A path that carries nothing for longer loses what waits. */
const LONGEST_SERVICE = millis(60_000);

/** One packet after the other leaves a bottleneck, as fast as its capacity allows just then; the others wait in a queue. */
export class Bottleneck {
  private readonly capacityAt: (at: Micros) => CapacitySpan;
  private busyUntil = 0;

  /** @param capacityAt - what leaves at a time, and until when that holds; infinite: all at once */
  constructor(capacityAt: (at: Micros) => CapacitySpan) {
    this.capacityAt = capacityAt;
  }

  /** How long a packet that comes at `now` has to wait before its turn. */
  waitAt(now: Micros): Micros {
    return micros(Math.max(this.busyUntil - now, 0));
  }

  /** When a packet that comes at `now` has left; undefined if it finds a queue that is longer than `queueMs` (drop-tail). */
  pass(
    now: Micros,
    { sizeBytes, queueMs }: { readonly sizeBytes: number; readonly queueMs: number },
  ): Micros | undefined {
    const wait = this.waitAt(now);
    if (wait > millis(queueMs)) return undefined;
    const left = this.serve(now + wait, (sizeBytes + HEADER_BYTES) * 8);
    if (elapsed(now, micros(left)) > LONGEST_SERVICE) return undefined;
    this.busyUntil = left;
    return micros(Math.round(left));
  }

  private serve(from: number, bits: number): number {
    let at = from;
    for (let rest = bits; at - from <= LONGEST_SERVICE; ) {
      const { bitrateBps, until } = this.capacityAt(micros(at));
      const needed = bitrateBps === 0 ? Number.POSITIVE_INFINITY : (rest * 1_000_000) / bitrateBps;
      if (at + needed <= until) return at + needed;
      rest -= ((until - at) * bitrateBps) / 1_000_000;
      at = until;
    }
    return at;
  }
}
