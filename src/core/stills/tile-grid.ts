import type { TileSet } from "./tile-set.js";

/** The edge of a tile, in pixels: a word of small text, and few enough that all of a screen's tiles fit into a message. */
export const TILE_SIZE = 64;
/** Of a picture with still tiles, each way: twice 8K. What is larger is not believed. */
export const MAX_PICTURE_EDGE = 16_384;

/** A part of a picture, in pixels from its top left corner. */
export interface PixelRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture's width and height in pixels. */
export type PixelSize = Pick<PixelRectangle, "width" | "height">;

/** How a picture is cut into tiles of {@link TILE_SIZE}; those at the right and lower edge may be smaller. Counted row by row. */
export class TileGrid {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** Of all tiles. */
  readonly count: number;

  constructor({ width, height }: PixelSize) {
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / TILE_SIZE);
    this.rows = Math.ceil(height / TILE_SIZE);
    this.count = this.columns * this.rows;
  }

  /** Whether a picture of this size is cut like this. */
  fits({ width, height }: PixelSize): boolean {
    return width === this.width && height === this.height;
  }

  /** The pixels of `columns` by `rows` tiles whose top left one is at `column` and `row`. */
  pixels(area: {
    readonly column: number;
    readonly row: number;
    readonly columns: number;
    readonly rows: number;
  }): PixelRectangle {
    const [x, y] = [area.column * TILE_SIZE, area.row * TILE_SIZE];
    return {
      x,
      y,
      width: Math.min(area.columns * TILE_SIZE, this.width - x),
      height: Math.min(area.rows * TILE_SIZE, this.height - y),
    };
  }

  /** Whether a rectangle is made of whole tiles. */
  isAligned({ x, y, width, height }: PixelRectangle): boolean {
    const [right, bottom] = [x + width, y + height];
    if (width <= 0 || height <= 0 || right > this.width || bottom > this.height) return false;
    const endsWell = (end: number, edge: number) => end === edge || end % TILE_SIZE === 0;
    return x % TILE_SIZE === 0 && y % TILE_SIZE === 0 && endsWell(right, this.width) && endsWell(bottom, this.height);
  }

  /** The tiles of an aligned rectangle, row by row. */
  tilesIn({ x, y, width, height }: PixelRectangle): number[] {
    const [left, top] = [x / TILE_SIZE, y / TILE_SIZE];
    const [right, bottom] = [Math.ceil((x + width) / TILE_SIZE), Math.ceil((y + height) / TILE_SIZE)];
    const tiles: number[] = [];
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) tiles.push(row * this.columns + column);
    }
    return tiles;
  }

  /** The pixels of a set of tiles as few rectangles: runs of a row, joined with equal runs of the rows above. */
  rectanglesOf(tiles: TileSet): PixelRectangle[] {
    const closed: Run[] = [];
    let above: Run[] = [];
    for (let row = 0; row < this.rows; row++) {
      const runs: Run[] = [];
      for (let column = 0; column < this.columns; column++) {
        if (!tiles.has(row * this.columns + column)) continue;
        const last = runs.at(-1);
        if (last !== undefined && last.column + last.columns === column) last.columns += 1;
        else runs.push({ column, row, columns: 1, rows: 1 });
      }
      const grown = runs.map((run) => {
        const twin = above.find(({ column, columns }) => column === run.column && columns === run.columns);
        if (twin === undefined) return run;
        twin.rows += 1;
        return twin;
      });
      closed.push(...above.filter((run) => !grown.includes(run)));
      above = grown;
    }
    return [...closed, ...above].map((run) => this.pixels(run));
  }
}

interface Run {
  readonly column: number;
  readonly row: number;
  columns: number;
  rows: number;
}
