import { TILE_SIZE, TileGrid, TileSet } from "../../core/index.js";
import type { Band, ChangedRows, Picture } from "../picture.js";

const BYTES_PER_PIXEL = 4;

/** Rows of tiles that stand side by side in one row of tiles. */
interface TileRun extends Band {
  readonly column: number;
  readonly columns: number;
}

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
   * @param isUrgent - whether a tile is to be compared now; of others {@link catchUp} tells
   */
  detect(picture: Picture, changed: ChangedRows, isUrgent: (tile: number) => boolean = () => true): TileSet {
    const isFirst = this.latest === undefined;
    const after = picture.planes[0] as Buffer;
    this.latest = after;
    if (isFirst) {
      after.copy(this.before, 0, 0, this.before.length);
      return TileSet.all(this.grid.count);
    }
    const tiles = new TileSet(this.grid.count);
    for (const band of changed === "all" ? [{ y: 0, height: this.grid.height }] : changed) {
      for (const part of this.tileBands(band)) this.detectInBand(after, part, isUrgent, tiles);
    }
    return tiles;
  }

  /** The tiles that differ among those that were not urgent, in the picture looked at last, whose memory must still be valid. */
  catchUp(): TileSet {
    const tiles = new TileSet(this.grid.count);
    const { latest } = this;
    const everyTile = { column: 0, columns: this.grid.columns };
    if (latest !== undefined) {
      for (const rows of this.postponed.values()) this.compareBand(latest, { ...rows, ...everyTile }, tiles);
    }
    this.postponed.clear();
    return tiles;
  }

  /** Compares runs of urgent tiles, and notes the rows for the others. */
  private detectInBand(after: Buffer, band: Band, isUrgent: (tile: number) => boolean, tiles: TileSet): void {
    const { columns } = this.grid;
    const row = Math.floor(band.y / TILE_SIZE);
    let urgent = 0;
    for (let column = 0; column < columns; column++) {
      const first = column;
      while (column < columns && isUrgent(row * columns + column)) column++;
      if (column === first) continue;
      urgent += column - first;
      this.compareBand(after, { ...band, column: first, columns: column - first }, tiles);
    }
    if (urgent < columns) this.postponed.set(row, joinBands(band, this.postponed.get(row)));
  }

  private *tileBands({ y, height }: Band): Generator<Band> {
    const end = Math.min(y + height, this.grid.height);
    for (let top = y; top < end; ) {
      const bottom = Math.min((Math.floor(top / TILE_SIZE) + 1) * TILE_SIZE, end);
      yield { y: top, height: bottom - top };
      top = bottom;
    }
  }

  /** Compares rows of a run of tiles, notes the tiles that differ, and keeps their new pixels. */
  private compareBand(after: Buffer, { y, height, column, columns }: TileRun, tiles: TileSet): void {
    const { stride, before, grid } = this;
    const [start, end] = [y * stride, (y + height) * stride];
    const isWhole = columns === grid.columns;
    if (isWhole && after.compare(before, start, end, start, end) === 0) return;
    const firstOfRow = Math.floor(y / TILE_SIZE) * grid.columns;
    const undecided = Array.from({ length: columns }, (_, index) => column + index);
    const left = column * TILE_SIZE * BYTES_PER_PIXEL;
    const right = isWhole ? stride : Math.min((column + columns) * TILE_SIZE, grid.width) * BYTES_PER_PIXEL;
    for (let row = start; row < end; row += stride) {
      const [from, to] = [row + left, row + right];
      if (after.compare(before, from, to, from, to) === 0) continue;
      for (let i = undecided.length - 1; i >= 0; i--) {
        const candidate = undecided[i] as number;
        if (!this.differsAt(after, row, candidate)) continue;
        tiles.add(firstOfRow + candidate);
        undecided.splice(i, 1);
      }
      after.copy(before, from, from, to);
    }
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
