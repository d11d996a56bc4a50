import type { Micros } from "../time.js";
import { TileSet } from "./tile-set.js";

/**
 * How many masks each entry of a message joins, newest first. Four in a row are told one by one: so many messages may be lost
 * without anything being said too coarsely. The rest covers a break of two to three seconds at 30 pictures a second.
 */
const SPANS = [1, 1, 1, 1, 4, 16, 64] as const;
const KEPT_MASKS = SPANS.reduce<number>((sum, span) => sum + span, 0);

/** Tiles that changed in one picture, or in `span` pictures in a row; `captureTime`: of the oldest of these pictures. */
export interface TileChange {
  readonly span: number;
  readonly captureTime: Micros;
  readonly tiles: TileSet;
}

/** The tiles that changed lately: the newest pictures one by one, older ones joined. */
export class MaskHistory {
  private readonly masks: TileChange[] = [];
  private joined: readonly TileChange[] | undefined;

  /** A picture changed these tiles. */
  add(captureTime: Micros, tiles: TileSet): void {
    this.masks.unshift({ span: 1, captureTime, tiles });
    this.masks.length = Math.min(this.masks.length, KEPT_MASKS);
    this.joined = undefined;
  }

  /** What to put into a message: newest first. */
  get entries(): readonly TileChange[] {
    this.joined ??= this.join();
    return this.joined;
  }

  /** Forgets everything, because tiles are cut otherwise from now on. */
  clear(): void {
    this.masks.length = 0;
    this.joined = undefined;
  }

  private join(): TileChange[] {
    const entries: TileChange[] = [];
    let at = 0;
    for (const span of SPANS) {
      const part = this.masks.slice(at, at + span);
      const oldest = part.at(-1);
      if (oldest === undefined) break;
      at += part.length;
      const tiles = new TileSet(oldest.tiles.size);
      for (const mask of part) tiles.addEvery(mask.tiles);
      entries.push({ span: part.length, captureTime: oldest.captureTime, tiles });
    }
    return entries;
  }
}
