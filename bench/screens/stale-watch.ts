import { NUMBERS } from "./tile-code.js";

/** What was seen of tiles that changed. */
export interface StaleCount {
  readonly changes: number;
  /** Changes after which a tile was seen that the frame on the screen no longer had. */
  readonly stale: number;
  readonly longestMs: number;
}

/**
 * Compares what a viewer shows of each tile with what the source showed when the frame was captured that the viewer shows. The
 * paints are numbered; the frame says up to which paint it is.
 */
export class StaleWatch {
  /** By tile: in which paint each of its numbers came. */
  private readonly paints: number[][];
  /** By tile: since when it is seen stale, and which of its numbers should be there. */
  private readonly staleSince = new Map<number, { readonly atMs: number; readonly wanted: number }>();
  private changes = 0;
  private stale = 0;
  private longestMs = 0;

  /** @param tiles - how many there are; each shows 0 before its first change */
  constructor(tiles: number) {
    this.paints = Array.from({ length: tiles }, () => [0]);
  }

  /** A tile changes with this paint. Returns the number that it is to show. */
  change(tile: number, paint: number): number {
    const paints = this.paints[tile] as number[];
    paints.push(paint);
    this.changes += 1;
    return (paints.length - 1) % NUMBERS;
  }

  /**
   * A tile was seen at `nowMs`.
   *
   * @param shown - its number
   * @param paint - the frame that is shown is at least of this paint
   */
  see(nowMs: number, tile: number, { shown, paint }: { readonly shown: number; readonly paint: number }): void {
    const paints = this.paints[tile] as number[];
    const newest = paints.length - 1;
    const age = (newest - shown + NUMBERS) % NUMBERS;
    let wanted = newest;
    while (wanted > 0 && (paints[wanted] as number) > paint) wanted -= 1;
    const since = this.staleSince.get(tile);
    if (newest - age >= wanted) {
      if (since !== undefined) this.end(nowMs, tile, since.atMs);
      return;
    }
    if (since?.wanted === wanted) {
      this.longestMs = Math.max(this.longestMs, nowMs - since.atMs);
      return;
    }
    this.stale += 1;
    this.staleSince.set(tile, { atMs: since?.atMs ?? nowMs, wanted });
  }

  /** Counts anew. */
  reset(): void {
    this.changes = 0;
    this.stale = 0;
    this.longestMs = 0;
    this.staleSince.clear();
  }

  /** What was seen so far. */
  count(): StaleCount {
    const { changes, stale, longestMs } = this;
    return { changes, stale, longestMs };
  }

  private end(nowMs: number, tile: number, sinceMs: number): void {
    this.longestMs = Math.max(this.longestMs, nowMs - sinceMs);
    this.staleSince.delete(tile);
  }
}
