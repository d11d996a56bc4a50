import { readUint16, view, writeUint16 } from "../rtp/byte-order.js";

/** A set of tiles out of `size`, by their numbers. */
export class TileSet {
  readonly size: number;
  private readonly flags: Uint8Array;

  /** An empty set. */
  constructor(size: number) {
    this.size = size;
    this.flags = new Uint8Array(size);
  }

  /** The set of all tiles. */
  static all(size: number): TileSet {
    const set = new TileSet(size);
    set.flags.fill(1);
    return set;
  }

  /** Whether no tile is in the set. */
  get isEmpty(): boolean {
    return !this.flags.includes(1);
  }

  /** Whether a tile is in the set. */
  has(tile: number): boolean {
    return this.flags[tile] === 1;
  }

  /** Adds a tile. */
  add(tile: number): void {
    this.flags[tile] = 1;
  }

  /** Takes a tile out. */
  delete(tile: number): void {
    this.flags[tile] = 0;
  }

  /** Takes all tiles out. */
  clear(): void {
    this.flags.fill(0);
  }

  /** Adds all tiles of another set of the same size. */
  addEvery(other: TileSet): void {
    for (let tile = 0; tile < this.size; tile++) if (other.flags[tile] === 1) this.flags[tile] = 1;
  }

  /** The tiles in the set, ascending. */
  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (let tile = 0; tile < this.size; tile++) if (this.flags[tile] === 1) yield tile;
  }
}

const BITMAP_FLAG = 0x8000;
const LENGTH_MASK = 0x7fff;
const LENGTH_SIZE = 2;

/**
 * A set of tiles as it goes into messages: run lengths, or a bitmap where that is shorter.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |B|         length in bytes     |  runs or bitmap ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * `B` = 0: the lengths of runs of tiles outside and inside the set in turn, beginning outside; seven bits a byte, lowest
 * first, the top bit set on all but a number's last byte (LEB128). The rest is outside. `B` = 1: a bit a tile, highest first.
 */
export function writeTileSet(set: TileSet): Uint8Array {
  const runs = runLengths(set);
  const bitmapSize = Math.ceil(set.size / 8);
  const isBitmap = runs.length > bitmapSize;
  const coded = new Uint8Array(LENGTH_SIZE + (isBitmap ? bitmapSize : runs.length));
  writeUint16(coded, 0, (isBitmap ? BITMAP_FLAG : 0) | (coded.length - LENGTH_SIZE));
  if (!isBitmap) coded.set(runs, LENGTH_SIZE);
  else for (const tile of set) coded[LENGTH_SIZE + (tile >> 3)]! |= 0x80 >> (tile & 7);
  return coded;
}

/**
 * Reads a set of `size` tiles at `offset`; the layout is at {@link writeTileSet}.
 *
 * @returns the set and the offset behind it; undefined if it is malformed
 */
export function readTileSet(
  data: Uint8Array,
  offset: number,
  size: number,
): { readonly tiles: TileSet; readonly end: number } | undefined {
  if (offset + LENGTH_SIZE > data.length) return undefined;
  const head = readUint16(data, offset);
  const start = offset + LENGTH_SIZE;
  const end = start + (head & LENGTH_MASK);
  if (end > data.length) return undefined;
  const coded = view(data, start, end - start);
  const tiles = (head & BITMAP_FLAG) === 0 ? readRuns(coded, size) : readBitmap(coded, size);
  return tiles && { tiles, end };
}

function runLengths(set: TileSet): number[] {
  const bytes: number[] = [];
  let isInside = false;
  let start = 0;
  for (let tile = 0; tile < set.size; tile++) {
    if (set.has(tile) === isInside) continue;
    writeLeb128(bytes, tile - start);
    isInside = !isInside;
    start = tile;
  }
  if (isInside) writeLeb128(bytes, set.size - start);
  return bytes;
}

function writeLeb128(bytes: number[], value: number): void {
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
}

function readRuns(coded: Uint8Array, size: number): TileSet | undefined {
  const tiles = new TileSet(size);
  let isInside = false;
  let tile = 0;
  for (let at = 0; at < coded.length; ) {
    let length = 0;
    let shift = 0;
    let byte: number;
    do {
      if (at === coded.length || shift > 21) return undefined;
      byte = coded[at++]!;
      length |= (byte & 0x7f) << shift;
      shift += 7;
    } while ((byte & 0x80) !== 0);
    if (tile + length > size) return undefined;
    if (isInside) for (let i = 0; i < length; i++) tiles.add(tile + i);
    tile += length;
    isInside = !isInside;
  }
  return tiles;
}

function readBitmap(coded: Uint8Array, size: number): TileSet | undefined {
  if (coded.length !== Math.ceil(size / 8)) return undefined;
  const tiles = new TileSet(size);
  for (let tile = 0; tile < size; tile++) if ((coded[tile >> 3]! & (0x80 >> (tile & 7))) !== 0) tiles.add(tile);
  return tiles;
}
