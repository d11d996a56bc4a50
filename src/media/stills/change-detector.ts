import { TILE_SIZE, TileGrid, TileSet } from "../../core/index.js";
import type { Band, ChangedRows, Picture } from "../picture.js";

const BYTES_PER_PIXEL = 4;

/**
 * Finds the tiles in which a BGRX picture differs from the one before: among the rows that may differ first bands of tiles,
 * then rows, then tiles are compared, so that what did not change costs next to nothing. Keeps one copy of the picture.
 */
export class ChangeDetector {
  readonly grid: TileGrid;
  private readonly stride: number;
  private readonly before: Buffer;
  /** Rows that may differ and were not compared yet, by their row of tiles. */
  private readonly postponed = new Map<number, Band>();
  private latest: Buffer | undefined;

  /** For pictures of this size and stride. */
  constructor({ width, height, strides }: Pick<Picture, "width" | "height" | "strides">) {
    this.grid = new TileGrid({ width, height });
    this.stride = strides[0] as number;
    this.before = Buffer.alloc(this.stride * height);
  }

  /** Whether pictures like this can be compared with those before. */
  fits({ width, height, strides }: Picture): boolean {
    return this.grid.fits({ width, height }) && strides[0] === this.stride;
  }

  /** The pixels of the picture that was looked at last; the next one is written into the same memory. */
  get pixels(): { readonly data: Buffer; readonly stride: number } {
    return { data: this.before, stride: this.stride };
  }

  /**
   * The tiles in which a picture differs from the one before; all of the first one.
   *
   * @param changed - no other rows differ
   * @param isUrgent - whether a row of tiles is to be compared now; of others {@link catchUp} tells
   */
  detect(picture: Picture, changed: ChangedRows, isUrgent: (tileRow: number) => boolean = () => true): TileSet {
    const isFirst = this.latest === undefined;
    const after = picture.planes[0] as Buffer;
    this.latest = after;
    if (isFirst) {
      after.copy(this.before, 0, 0, this.before.length);
      return TileSet.all(this.grid.count);
    }
    const tiles = new TileSet(this.grid.count);
    for (const band of changed === "all" ? [{ y: 0, height: this.grid.height }] : changed) {
      for (const part of this.tileBands(band)) {
        const row = Math.floor(part.y / TILE_SIZE);
        const rows = joinBands(part, this.postponed.get(row));
        if (!isUrgent(row)) this.postponed.set(row, rows);
        else {
          this.postponed.delete(row);
          this.compareBand(after, rows, tiles);
        }
      }
    }
    return tiles;
  }

  /** The tiles that differ in rows that were not urgent, in the picture that was looked at last. Its memory must still be valid. */
  catchUp(): TileSet {
    const tiles = new TileSet(this.grid.count);
    const { latest } = this;
    if (latest !== undefined) for (const rows of this.postponed.values()) this.compareBand(latest, rows, tiles);
    this.postponed.clear();
    return tiles;
  }

  private *tileBands({ y, height }: Band): Generator<Band> {
    const end = Math.min(y + height, this.grid.height);
    for (let top = y; top < end; ) {
      const bottom = Math.min((Math.floor(top / TILE_SIZE) + 1) * TILE_SIZE, end);
      yield { y: top, height: bottom - top };
      top = bottom;
    }
  }

  /** Compares rows of one row of tiles, and keeps those that differ. */
  private compareBand(after: Buffer, { y, height }: Band, tiles: TileSet): void {
    const { stride, before } = this;
    const [start, end] = [y * stride, (y + height) * stride];
    if (after.compare(before, start, end, start, end) === 0) return;
    const first = Math.floor(y / TILE_SIZE) * this.grid.columns;
    const undecided = Array.from({ length: this.grid.columns }, (_, column) => first + column).filter(
      (tile) => !tiles.has(tile),
    );
    for (let row = start; row < end && undecided.length > 0; row += stride) {
      if (after.compare(before, row, row + stride, row, row + stride) === 0) continue;
      for (let i = undecided.length - 1; i >= 0; i--) {
        const tile = undecided[i] as number;
        if (!this.differsAt(after, row, tile - first)) continue;
        tiles.add(tile);
        undecided.splice(i, 1);
      }
    }
    after.copy(before, start, start, end);
  }

  private differsAt(after: Buffer, row: number, column: number): boolean {
    const from = row + column * TILE_SIZE * BYTES_PER_PIXEL;
    const to = row + Math.min((column + 1) * TILE_SIZE, this.grid.width) * BYTES_PER_PIXEL;
    return after.compare(this.before, from, to, from, to) !== 0;
  }
}

/** The rows from the first to the last of both. */
function joinBands(one: Band, other: Band | undefined): Band {
  if (other === undefined) return one;
  const y = Math.min(one.y, other.y);
  return { y, height: Math.max(one.y + one.height, other.y + other.height) - y };
}
