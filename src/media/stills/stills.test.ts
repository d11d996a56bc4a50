import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CodedStill, micros, millis, type PictureChange, seconds, TileSet } from "../../core/index.js";
import type { Picture } from "../picture.js";
import { ChangeDetector } from "./change-detector.js";
import { cutPixels, decodeStill, encodeStill } from "./still-encoder.js";
import { StillLayer } from "./still-layer.js";
import { Stillness } from "./stillness.js";

const START = seconds(1_700_000_000);
/** Three by two tiles, the last ones cut; rows are longer than the picture. */
const SIZE = { width: 150, height: 100 };
const STRIDE = 160 * 4;

function pictureOf(fill = 0): Picture {
  const plane = Buffer.alloc(STRIDE * SIZE.height, fill);
  return { ...SIZE, format: "bgrx", planes: [plane], strides: [STRIDE] };
}

function paint(picture: Picture, { x, y }: { x: number; y: number }, bgrx: number): void {
  picture.planes[0]!.writeUInt32LE(bgrx, y * STRIDE + x * 4);
}

function setOf(size: number, ...tiles: number[]): TileSet {
  const set = new TileSet(size);
  for (const tile of tiles) set.add(tile);
  return set;
}

describe("ChangeDetector", () => {
  it("finds the tiles that differ, and only among the rows that it is told of", () => {
    const picture = pictureOf();
    const detector = new ChangeDetector(picture);
    expect([...detector.detect(picture, "all")]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(detector.detect(picture, "all").isEmpty).toBe(true);
    paint(picture, { x: 149, y: 5 }, 1);
    paint(picture, { x: 63, y: 99 }, 1);
    expect([...detector.detect(picture, [{ y: 0, height: 16 }])]).toEqual([2]);
    expect([...detector.detect(picture, "all")]).toEqual([3]);
    paint(picture, { x: 64, y: 63 }, 2);
    paint(picture, { x: 64, y: 64 }, 2);
    expect([...detector.detect(picture, [{ y: 48, height: 32 }])]).toEqual([1, 4]);
  });

  it("compares what is not urgent when it is asked to catch up, or when it becomes urgent", () => {
    const picture = pictureOf();
    const detector = new ChangeDetector(picture);
    detector.detect(picture, "all");
    const isUrgent = (tile: number) => tile === 1 || tile >= 3;
    paint(picture, { x: 0, y: 0 }, 1);
    paint(picture, { x: 0, y: 64 }, 1);
    expect([...detector.detect(picture, "all", isUrgent)]).toEqual([3]);
    paint(picture, { x: 70, y: 20 }, 1);
    paint(picture, { x: 149, y: 20 }, 1);
    expect([...detector.detect(picture, [{ y: 16, height: 16 }], isUrgent)]).toEqual([1]);
    expect([...detector.catchUp()]).toEqual([0, 2]);
    expect(detector.catchUp().isEmpty).toBe(true);
    paint(picture, { x: 149, y: 0 }, 2);
    expect(detector.detect(picture, [{ y: 0, height: 16 }], isUrgent).isEmpty).toBe(true);
    expect([...detector.detect(picture, "all")]).toEqual([2]);
  });
});

describe("Stillness", () => {
  const at = (ms: number) => micros(START + millis(ms));

  it("tells once of tiles that did not change for a while", () => {
    const stillness = new Stillness(3);
    stillness.change(at(0), TileSet.all(3));
    stillness.change(at(50), setOf(3, 1));
    expect(stillness.nextTimeout()).toBe(at(90));
    expect([...stillness.take(at(100))]).toEqual([0, 2]);
    expect(stillness.take(at(139)).isEmpty).toBe(true);
    expect([...stillness.take(at(140))]).toEqual([1]);
    expect(stillness.nextTimeout()).toBe(Number.POSITIVE_INFINITY);
  });

  it("knows whether a tile is still", () => {
    const stillness = new Stillness(2);
    stillness.change(at(0), TileSet.all(2));
    stillness.change(at(80), setOf(2, 0));
    stillness.take(at(120));
    expect([stillness.isStill(0), stillness.isStill(1)]).toEqual([false, true]);
  });

  it("is ever slower to believe in a tile that blinks, and forgives it after a pause", () => {
    const stillness = new Stillness(1);
    const waits: number[] = [];
    for (let ms = 0; ms < 6_000; ms += 500) {
      stillness.change(at(ms), TileSet.all(1));
      waits.push((stillness.nextTimeout() - at(ms)) / 1_000);
      stillness.take(at(ms + 499));
    }
    expect(waits.slice(0, 5)).toEqual([90, 180, 360, 720, 720]);
    stillness.take(at(10_000));
    stillness.change(at(12_000), TileSet.all(1));
    expect(stillness.nextTimeout()).toBe(at(12_090));
  });
});

describe("a still image", () => {
  it("is decoded to the very pixels that were cut out, whatever the fourth byte", async () => {
    const picture = pictureOf();
    for (let i = 0; i < SIZE.width * SIZE.height; i++) {
      paint(picture, { x: i % SIZE.width, y: Math.floor(i / SIZE.width) }, Math.imul(i, 2_654_435_761) >>> 0);
    }
    const rectangle = { x: 64, y: 0, width: 86, height: 100 };
    const memory = new Uint32Array(86 * 100 + 1);
    const { codec, data } = await encodeStill(cutPixels(picture.planes[0]!, STRIDE, rectangle, memory));
    expect(codec).toBe("webp");
    const decoded = await decodeStill(data, rectangle);
    for (const [x, y] of [
      [0, 0],
      [85, 0],
      [40, 50],
      [85, 99],
    ] as const) {
      const source = picture.planes[0]!.readUInt32LE(y * STRIDE + (64 + x) * 4);
      expect(decoded.readUInt32LE((y * 86 + x) * 4)).toBe((source | 0xff000000) >>> 0);
    }
    await expect(decodeStill(data, { width: 80, height: 100 })).rejects.toThrow();
    await expect(decodeStill(data.subarray(0, 50), rectangle)).rejects.toThrow();
  });

  it("of one colour is remembered by size and colour", async () => {
    const plain = (width: number, bgrx: number) => {
      const picture = Buffer.from(new Uint32Array(width * 64).fill(bgrx).buffer);
      return encodeStill(cutPixels(picture, width * 4, { x: 0, y: 0, width, height: 64 }, new Uint32Array(width * 64)));
    };
    const colors = [0x00ff8040, 0x00ff8041];
    const coded = await Promise.all(colors.map((color) => plain(64, color)));
    expect(await Promise.all(colors.map((color) => plain(64, color)))).toEqual(coded);
    for (const [i, color] of colors.entries()) {
      const data = coded[i]!.data;
      const decoded = await decodeStill(data, { width: 64, height: 64 });
      expect(decoded.readUInt32LE(64 * 64 * 4 - 4)).toBe((color | 0xff000000) >>> 0);
      expect(await decodeStill(data, { width: 64, height: 64 })).toBe(decoded);
      await expect(decodeStill(data, { width: 63, height: 64 })).rejects.toThrow();
    }
    expect((await plain(63, colors[0]!)).data).not.toEqual(coded[0]!.data);
  });
});

describe("StillLayer", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] }));
  afterEach(() => void vi.useRealTimers());

  it("tells of changes at once, and hands out what stays", async () => {
    const changes: PictureChange[] = [];
    let awaited: (still: CodedStill) => void = () => {};
    const next = () => new Promise<CodedStill>((resolve) => (awaited = resolve));
    const layer = new StillLayer({ changed: (change) => changes.push(change), still: (still) => awaited(still) });
    const { now } = await import("../../clock/index.js");
    const picture = pictureOf(7);
    const first = next();
    layer.take({ picture, changed: "all", captureTime: now() });
    expect(changes.map(({ picture: { width }, tiles }) => [width, [...tiles].length])).toEqual([[150, 6]]);
    await vi.advanceTimersByTimeAsync(150);
    expect(await first).toMatchObject({ picture: SIZE, rectangle: { x: 0, y: 0, ...SIZE }, codec: "webp" });
    paint(picture, { x: 70, y: 70 }, 9);
    const second = next();
    const captureTime = now();
    layer.take({ picture, changed: [{ y: 64, height: 16 }], captureTime });
    await vi.advanceTimersByTimeAsync(300);
    expect(await second).toMatchObject({ asOf: captureTime, rectangle: { x: 64, y: 64, width: 64, height: 36 } });
    layer.close();
  });

  it("looks only now and then for what is still in a picture that moves, and soon after it stopped", async () => {
    const stills: CodedStill[] = [];
    const layer = new StillLayer({ changed: () => {}, still: (still) => stills.push(still) });
    const { now } = await import("../../clock/index.js");
    const search = vi.spyOn(ChangeDetector.prototype, "catchUp");
    const picture = pictureOf();
    const move = async (pictures: number): Promise<void> => {
      for (let i = 0; i < pictures; i++) {
        paint(picture, { x: 1, y: 1 }, ++moved);
        layer.take({ picture, changed: "all", captureTime: now() });
        await vi.advanceTimersByTimeAsync(33);
      }
    };
    let moved = 0;
    await move(20);
    // Coding the two rectangles that do not move takes real time, in which nothing is searched.
    while (stills.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await move(40);
    expect(search.mock.calls.length).toBeLessThanOrEqual(5);
    search.mockClear();
    await vi.advanceTimersByTimeAsync(100);
    expect(search).toHaveBeenCalled();
    layer.close();
  });
});
