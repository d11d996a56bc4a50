import { type Micros, micros } from "../time.js";
import { MaskHistory, type TileChange } from "./mask-history.js";
import type { StillCodec } from "./still-rectangle.js";
import { type PixelRectangle, type PixelSize, TileGrid } from "./tile-grid.js";
import { TileSet } from "./tile-set.js";

/** Images kept for those who come later: text of several 4K screens, or one full of photos. */
const DEFAULT_MAX_BYTES = 24_000_000;

/** A picture of the source differs from the one before it. */
export interface PictureChange {
  readonly picture: PixelSize;
  readonly captureTime: Micros;
  /** Of the picture's tiles, those that differ. */
  readonly tiles: TileSet;
}

/** Pixels of the source that have been still, coded. */
export interface CodedStill {
  /** Of the picture they were cut from. */
  readonly picture: PixelSize;
  /** When the picture was captured that they were cut from, or a later one in which they were the same. */
  readonly asOf: Micros;
  /** Whole tiles. */
  readonly rectangle: PixelRectangle;
  readonly codec: StillCodec;
  readonly data: Uint8Array;
}

/** A still that is kept. */
export interface StoredStill extends CodedStill {
  /** The rectangle's tiles in the picture, row by row. */
  readonly tiles: readonly number[];
}

/**
 * What is known of a source's still pixels, for all its viewers: which tiles changed when, and the coded pixels of those
 * that did not change since. Bounded: of what is too much, the images that cost the most bytes a tile are dropped.
 */
export class StillStore {
  private readonly maxBytes: number;
  private readonly history = new MaskHistory();
  private readonly stills = new Set<StoredStill>();
  private grid: TileGrid | undefined;
  private newest = 0;
  private bytes = 0;
  /** When each tile changed last, and which still shows it. */
  private changedAt = new Float64Array(0);
  private shownBy: (StoredStill | undefined)[] = [];

  /** @param maxBytes - of images kept at most */
  constructor(maxBytes = DEFAULT_MAX_BYTES) {
    this.maxBytes = maxBytes;
  }

  /** The picture's size; undefined before the first change. */
  get picture(): PixelSize | undefined {
    return this.grid;
  }

  /** The number of the newest change, counted from 1; 0 before it. */
  get newestMask(): number {
    return this.newest;
  }

  /** The newest changes, newest first. */
  get changes(): readonly TileChange[] {
    return this.history.entries;
  }

  /** What is still now, in the order in which it came. */
  get current(): ReadonlySet<StoredStill> {
    return this.stills;
  }

  /** A picture of the source changed, or has another size than the one before. */
  change({ picture, captureTime, tiles }: PictureChange): void {
    if (this.grid === undefined || !this.grid.fits(picture)) this.start(picture);
    for (const tile of tiles) {
      this.changedAt[tile] = captureTime;
      this.uncover(tile);
    }
    this.newest += 1;
    this.history.add(captureTime, tiles);
  }

  /** Takes a still; tiles of it that changed since it was cut are left out. */
  add(still: CodedStill): void {
    const { grid } = this;
    if (grid === undefined || !grid.fits(still.picture) || !grid.isAligned(still.rectangle)) return;
    const tiles = grid.tilesIn(still.rectangle);
    const stored: StoredStill = { ...still, tiles };
    const valid = tiles.filter((tile) => this.changedAt[tile]! <= still.asOf);
    if (valid.length === 0) return;
    this.stills.add(stored);
    this.bytes += still.data.length;
    for (const tile of valid) {
      this.uncover(tile);
      this.shownBy[tile] = stored;
    }
    while (this.bytes > this.maxBytes) this.dropCostliest();
  }

  /** The rectangle's tiles, row by row, that still look like this. */
  validTiles(still: StoredStill): TileSet {
    const valid = new TileSet(still.tiles.length);
    for (const [i, tile] of still.tiles.entries()) if (this.shownBy[tile] === still) valid.add(i);
    return valid;
  }

  /** When the newest of the tiles that a still shows changed last. */
  changeTime(still: StoredStill): Micros {
    let newest = Number.NEGATIVE_INFINITY;
    for (const tile of still.tiles) {
      if (this.shownBy[tile] === still) newest = Math.max(newest, this.changedAt[tile]!);
    }
    return micros(newest);
  }

  private start(picture: PixelSize): void {
    this.grid = new TileGrid(picture);
    this.changedAt = new Float64Array(this.grid.count);
    this.shownBy = new Array(this.grid.count).fill(undefined);
    this.stills.clear();
    this.bytes = 0;
    this.history.clear();
  }

  private uncover(tile: number): void {
    const still = this.shownBy[tile];
    if (still === undefined) return;
    this.shownBy[tile] = undefined;
    if (!still.tiles.some((other) => this.shownBy[other] === still)) this.drop(still);
  }

  private drop(still: StoredStill): void {
    if (this.stills.delete(still)) this.bytes -= still.data.length;
  }

  private dropCostliest(): void {
    const cost = (still: StoredStill) => {
      const shown = still.tiles.filter((tile) => this.shownBy[tile] === still);
      return still.data.length / shown.length;
    };
    const costliest = [...this.stills].reduce((a, b) => (cost(a) >= cost(b) ? a : b));
    for (const tile of costliest.tiles) if (this.shownBy[tile] === costliest) this.shownBy[tile] = undefined;
    this.drop(costliest);
  }
}
