import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rtpTimestamp } from "../rtp/index.js";
import { parseChunk, writeChunk } from "./chunk.js";
import { ChunkAssembler } from "./chunk-assembler.js";
import { parseMaskMessage, writeMaskMessage } from "./mask-message.js";
import { StillReceiver } from "./still-receiver.js";
import { parseStillRectangle, writeStillRectangle } from "./still-rectangle.js";
import { TileGrid } from "./tile-grid.js";
import { readTileSet, TileSet, writeTileSet } from "./tile-set.js";

const SCREEN = { width: 1920, height: 1080 };
const GRID = new TileGrid(SCREEN);

function setOf(size: number, tiles: Iterable<number>): TileSet {
  const set = new TileSet(size);
  for (const tile of tiles) set.add(tile);
  return set;
}

const tileSets = fc.array(fc.boolean(), { minLength: 1, maxLength: 600 }).map((flags) =>
  setOf(
    flags.length,
    [...flags.keys()].filter((tile) => flags[tile]),
  ),
);

describe("a set of tiles", () => {
  it("is read as it was written, and a bitmap is the longest it gets", () => {
    fc.assert(
      fc.property(tileSets, (set) => {
        const coded = writeTileSet(set);
        expect(coded.length).toBeLessThanOrEqual(2 + Math.ceil(set.size / 8));
        expect([...readTileSet(coded, 0, set.size)!.tiles]).toEqual([...set]);
      }),
      { seed: 61 },
    );
  });

  it("takes few bytes when few or all tiles change", () => {
    expect(writeTileSet(setOf(GRID.count, [100, 101])).length).toBe(4);
    expect(writeTileSet(TileSet.all(GRID.count)).length).toBe(5);
  });
});

describe("a grid of tiles", () => {
  it("covers a set with rectangles of just its pixels", () => {
    const all = GRID.rectanglesOf(TileSet.all(GRID.count));
    expect(all).toEqual([{ x: 0, y: 0, ...SCREEN }]);
    expect(GRID.rectanglesOf(setOf(GRID.count, [0, 1, 30, 31, 61, 509]))).toEqual([
      { x: 0, y: 0, width: 128, height: 128 },
      { x: 64, y: 128, width: 64, height: 64 },
      { x: 1856, y: 1024, width: 64, height: 56 },
    ]);
  });

  it("finds the tiles of every rectangle again", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(GRID.count - 1)), (tiles) => {
        const rectangles = GRID.rectanglesOf(setOf(GRID.count, tiles));
        expect(rectangles.every((rectangle) => GRID.isAligned(rectangle))).toBe(true);
        const found = rectangles.flatMap((rectangle) => GRID.tilesIn(rectangle));
        expect(found.toSorted((a, b) => a - b)).toEqual(tiles.toSorted((a, b) => a - b));
      }),
      { seed: 62 },
    );
  });
});

describe("messages", () => {
  const masks = {
    picture: SCREEN,
    newest: 7,
    toldUpTo: rtpTimestamp(4_000_000_000),
    entries: [
      { span: 1, timestamp: rtpTimestamp(3_999_999_000), tiles: setOf(GRID.count, [0, 5, 509]) },
      { span: 4, timestamp: rtpTimestamp(3_999_990_000), tiles: TileSet.all(GRID.count) },
    ],
  };
  const still = {
    picture: SCREEN,
    rectangle: { x: 128, y: 1024, width: 1792, height: 56 },
    timestamp: rtpTimestamp(99),
    asOf: 7,
    valid: setOf(28, [0, 27]),
    codec: "webp" as const,
    data: Uint8Array.of(1, 2, 3),
  };

  it("are read as they were written", () => {
    expect(parseMaskMessage(writeMaskMessage(masks))).toEqual(masks);
    expect(parseStillRectangle(writeStillRectangle(still))).toEqual(still);
    const chunk = { object: 0xffff_ffff, totalBytes: 70_000, offset: 66_000, data: Uint8Array.of(9, 8) };
    expect(parseChunk(writeChunk(chunk))).toEqual(chunk);
  });

  it("fit a packet, whatever changed on however large a screen", () => {
    const picture = { width: 7680, height: 4320 };
    const { count } = new TileGrid(picture);
    const every = (step: number) =>
      setOf(
        count,
        Array.from({ length: count }, (_, i) => i * step).filter((t) => t < count),
      );
    const entries = [2, 3, 5].map((step) => ({ span: 1, timestamp: rtpTimestamp(0), tiles: every(step) }));
    const message = writeMaskMessage({ picture, newest: 3, toldUpTo: rtpTimestamp(0), entries });
    expect(message.length).toBeLessThanOrEqual(1_180);
    expect(parseMaskMessage(message)!.entries.length).toBeGreaterThan(0);
  });

  it("that make no sense are refused, and disturb nothing", () => {
    const valid = [
      writeMaskMessage(masks),
      writeStillRectangle(still),
      writeChunk({ object: 1, totalBytes: 9, offset: 1, data: Uint8Array.of(7) }),
    ];
    const mutation = fc.record({ of: fc.nat(2), at: fc.nat(200), byte: fc.nat(255), cut: fc.nat(60) });
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.array(mutation, { minLength: 1, maxLength: 4 }).map((mutations) => {
        const message = Uint8Array.from(valid[mutations[0]!.of]!);
        for (const { at, byte } of mutations) message[at % message.length] = byte;
        return message.subarray(
          0,
          message.length - (mutations[0]!.cut % 4 === 0 ? mutations[0]!.cut % message.length : 0),
        );
      }),
    );
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 30 }), (messages) => {
        const receiver = new StillReceiver({ clearing: "with-frame" });
        const assembler = new ChunkAssembler();
        for (const message of messages) {
          receiver.receive(message);
          const chunk = parseChunk(message);
          if (chunk) assembler.add(chunk);
          receiver.frameShown(rtpTimestamp(message.length));
        }
        receiver.takeOperations();
      }),
      { seed: 63, numRuns: 500 },
    );
  });
});

describe("chunks", () => {
  it("become their object in any order, once", () => {
    const object = Uint8Array.from({ length: 100 }, (_, i) => i);
    const chunks = [60, 0, 30, 0, 90].map((offset) => ({
      object: 3,
      totalBytes: 100,
      offset,
      data: object.subarray(offset, offset + 30),
    }));
    const assembler = new ChunkAssembler();
    expect(chunks.map((chunk) => assembler.add(chunk))).toEqual([undefined, undefined, undefined, undefined, object]);
    expect(assembler.add(chunks[0]!)).toBeUndefined();
  });

  it("of objects that never become whole take bounded memory", () => {
    const assembler = new ChunkAssembler();
    for (let object = 0; object < 100; object++) {
      assembler.add({ object, totalBytes: 10_000_000, offset: 0, data: Uint8Array.of(1) });
    }
    expect(assembler.abandoned).toBe(98);
  });
});
