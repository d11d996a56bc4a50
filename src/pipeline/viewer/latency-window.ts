import { elapsed, type Micros, toMillis } from "../../core/index.js";
import type { ViewerStatistics } from "./protocol.js";

/** Gathers what {@link ViewerStatistics} tells of a second. */
export class LatencyWindow {
  private readonly glassToGlassMs: number[] = [];
  private readonly decodeMs: number[] = [];

  /** A picture was shown at `now`; `captured` is undefined where the sender does not tell. */
  add(now: Micros, times: { readonly captured: Micros | undefined; readonly arrived: Micros }): void {
    if (times.captured !== undefined) this.glassToGlassMs.push(toMillis(elapsed(times.captured, now)));
    this.decodeMs.push(toMillis(elapsed(times.arrived, now)));
  }

  /** The figures since the last call; starts the next window. */
  take(): ViewerStatistics {
    const shown = this.decodeMs.length;
    const glassToGlassMs = takeMedian(this.glassToGlassMs);
    const decodeMs = takeMedian(this.decodeMs);
    return {
      shown,
      ...(glassToGlassMs !== undefined && { glassToGlassMs }),
      ...(decodeMs !== undefined && { decodeMs }),
    };
  }
}

function takeMedian(samples: number[]): number | undefined {
  const sorted = samples.splice(0).sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
