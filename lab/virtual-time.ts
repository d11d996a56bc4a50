import type { Micros } from "sightline/core";

interface Scheduled {
  readonly at: Micros;
  /** Ties are settled by the order of scheduling, so that a run repeats exactly. */
  readonly order: number;
  readonly run: () => void;
}

/** A clock that jumps from event to event: a minute passes in milliseconds, the same way every time. */
export class VirtualTime {
  private readonly heap: Scheduled[] = [];
  private scheduled = 0;
  private current: Micros;

  /** @param start - what the clock shows at first */
  constructor(start: Micros) {
    this.current = start;
  }

  /** What the clock shows. */
  get now(): Micros {
    return this.current;
  }

  /** Has `run` called when the clock shows `at`; at once after what is due now, if that has passed. */
  schedule(at: Micros, run: () => void): void {
    const { heap } = this;
    let child = heap.length;
    heap.push({ at: at > this.current ? at : this.current, order: this.scheduled++, run });
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!isBefore(heap[child]!, heap[parent]!)) break;
      [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
      child = parent;
    }
  }

  /** Lets time pass until the clock shows `end`. */
  runUntil(end: Micros): void {
    while (this.heap.length > 0 && this.heap[0]!.at <= end) {
      const next = this.takeFirst();
      this.current = next.at;
      next.run();
    }
    this.current = end;
  }

  private takeFirst(): Scheduled {
    const { heap } = this;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let parent = 0; ; ) {
      let least = 2 * parent + 1;
      if (least >= heap.length) return first;
      if (least + 1 < heap.length && isBefore(heap[least + 1]!, heap[least]!)) least += 1;
      if (!isBefore(heap[least]!, heap[parent]!)) return first;
      [heap[parent], heap[least]] = [heap[least]!, heap[parent]!];
      parent = least;
    }
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
