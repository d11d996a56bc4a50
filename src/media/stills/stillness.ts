import { earliest, elapsed, later, type Micros, micros, millis, NEVER, seconds, TileSet } from "../../core/index.js";

/** A tile that did not change for this long is still. Measured: 90 ms is enough for a page to be drawn and to rest. */
export const STILL_AFTER = millis(90);
/** A tile that changes so soon after it was still blinks, or is typed into: it must be still for twice as long next time, … */
const RELAPSE = seconds(1);
/** … and at most this long. */
const LONGEST_WAIT = millis(800);

/** Tells which tiles of a picture have been still for a while. */
export class Stillness {
  private readonly changedAt: Float64Array;
  /** For how long each tile must be still, in µs. */
  private readonly wait: Float64Array;
  /** Since when each tile is known to be still; `NEVER` while it is not. */
  private readonly stillSince: Float64Array;

  /** @param tiles - how many there are */
  constructor(tiles: number) {
    this.changedAt = new Float64Array(tiles).fill(Number.NEGATIVE_INFINITY);
    this.wait = new Float64Array(tiles).fill(STILL_AFTER);
    this.stillSince = new Float64Array(tiles).fill(NEVER);
  }

  /** These tiles changed. */
  change(now: Micros, tiles: TileSet): void {
    for (const tile of tiles) {
      const since = micros(this.stillSince[tile] as number);
      if (since !== NEVER) {
        const isRelapse = elapsed(since, now) < RELAPSE;
        this.wait[tile] = isRelapse ? Math.min((this.wait[tile] as number) * 2, LONGEST_WAIT) : STILL_AFTER;
      }
      this.stillSince[tile] = NEVER;
      this.changedAt[tile] = now;
    }
  }

  /** Whether a tile is known to be still. */
  isStill(tile: number): boolean {
    return this.stillSince[tile] !== NEVER;
  }

  /** The tiles that have become still since the last call. */
  take(now: Micros): TileSet {
    const still = new TileSet(this.changedAt.length);
    for (let tile = 0; tile < still.size; tile++) {
      if (this.stillSince[tile] !== NEVER || this.stillAt(tile) > now) continue;
      this.stillSince[tile] = now;
      still.add(tile);
    }
    return still;
  }

  /** When the next tile becomes still if nothing changes; `NEVER` if all are. */
  nextTimeout(): Micros {
    let next: Micros = NEVER;
    for (let tile = 0; tile < this.changedAt.length; tile++) {
      if (this.stillSince[tile] === NEVER) next = earliest(next, this.stillAt(tile));
    }
    return next;
  }

  private stillAt(tile: number): Micros {
    return later(micros(this.changedAt[tile] as number), micros(this.wait[tile] as number));
  }
}
