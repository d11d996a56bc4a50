import { describe, expect, it } from "vitest";
import { copyPicture, drawWords, psnr, sample, solidPicture } from "../../test/support/pictures.js";
import { SeededRng } from "../core/index.js";
import { Converter } from "./converter.js";
import type { Picture } from "./picture.js";
import { fitViewport, PictureScaler, type PixelMemory } from "./picture-scaler.js";

const GUARD = 0x5a;

/** Window memory full of guard bytes, as a picture. */
function memory(width: number, height: number): PixelMemory & { picture: Picture } {
  const pixels = Buffer.alloc(width * height * 4, GUARD);
  const picture: Picture = { width, height, format: "bgrx", planes: [pixels], strides: [width * 4] };
  return { pixels, width, height, stride: width * 4, picture };
}

function decoded(source: Picture): Picture {
  const { width, height } = source;
  const converter = new Converter({ width, height, format: "yuv444p", color: { matrix: "bt709", range: "limited" } });
  return converter.convert(source, "all").picture;
}

describe("fitViewport", () => {
  it("centres the largest picture of the same shape", () => {
    expect(fitViewport({ width: 1920, height: 1080 }, { width: 1000, height: 1000 })).toEqual({
      x: 0,
      y: 218,
      width: 1000,
      height: 563,
    });
    expect(fitViewport({ width: 10, height: 10 }, { width: 30, height: 10 })).toEqual({
      x: 10,
      y: 0,
      width: 10,
      height: 10,
    });
  });
});

describe("PictureScaler", () => {
  it("gives the colours back at 1:1", () => {
    const source = solidPicture(64, 48, 0xc04020);
    const target = memory(64, 48);
    const bands = new PictureScaler().draw(decoded(source), "all", target, { x: 0, y: 0, width: 64, height: 48 });
    expect(bands).toEqual([{ y: 0, height: 48 }]);
    expect(psnr(target.picture, source)).toBeGreaterThan(42);
  });

  it("loses nothing but rounding to limited range on the way through 4:4:4", () => {
    const rng = new SeededRng(7);
    const source = solidPicture(257, 63, 0, 12);
    const pixels = source.planes[0] as Buffer;
    for (let i = 0; i < pixels.length; i++) pixels[i] = rng.uint32() & 255;
    const target = memory(300, 80);
    const viewport = { x: 3, y: 5, width: 257, height: 63 };
    new PictureScaler().draw(decoded(source), "all", target, viewport);
    let [largest, sum] = [0, 0];
    for (let y = 0; y < 63; y++) {
      for (let x = 0; x < 257; x++) {
        for (let channel = 0; channel < 3; channel++) {
          const shown = sample(target.picture, 0, (x + 3) * 4 + channel, y + 5);
          const error = Math.abs(shown - sample(source, 0, x * 4 + channel, y));
          largest = Math.max(largest, error);
          sum += error * error;
        }
      }
    }
    // 8 bits of luma over 219 steps and of chroma over 224 cannot hold more: 52.1 dB.
    expect(10 * Math.log10((255 * 255 * 257 * 63 * 3) / sum)).toBeGreaterThan(51.9);
    expect(largest).toBeLessThanOrEqual(3);
  });

  it.each([64, 62])("writes only the changed rows of the viewport, %i pixels wide", (width) => {
    const source = solidPicture(width, 96, 0xffffff);
    const target = memory(100, 120);
    const viewport = { x: 9, y: 11, width, height: 96 };
    const scaler = new PictureScaler();
    scaler.draw(decoded(source), "all", target, viewport);
    const before = copyPicture(target.picture);
    drawWords(source, 1, 32, 16);
    const bands = scaler.draw(decoded(source), [{ y: 32, height: 16 }], target, viewport);
    expect(bands.every(({ y, height }) => y >= 11 && y + height <= 11 + 96)).toBe(true);
    for (let y = 0; y < 120; y++) {
      const row = target.pixels.subarray(y * 400, (y + 1) * 400);
      const isInside = y >= 11 && y < 11 + 96;
      expect(row.subarray(0, 36).every((byte) => byte === GUARD)).toBe(true);
      expect(row.subarray((9 + width) * 4).every((byte) => byte === GUARD)).toBe(true);
      const isChanged = !row.equals((before.planes[0] as Buffer).subarray(y * 400, (y + 1) * 400));
      expect(isChanged && !(y >= 43 && y < 59)).toBe(false);
      if (!isInside) expect(row.every((byte) => byte === GUARD)).toBe(true);
    }
  });

  it("scales to any size, down to the last row and column", () => {
    const source = decoded(solidPicture(64, 48, 0x3080d0));
    for (const [width, height] of [
      [31, 17],
      [200, 150],
      [64, 49],
      [1, 1],
    ] as const) {
      const target = memory(width, height);
      new PictureScaler().draw(source, "all", target, { x: 0, y: 0, width, height });
      expect(psnr(target.picture, solidPicture(width, height, 0x3080d0))).toBeGreaterThan(38);
    }
  });

  it.each([30, 62, 64, 86, 102])("writes not a byte behind its memory, %i pixels wide", (width) => {
    const height = 34;
    const guarded = Buffer.alloc(width * height * 4 + 512, GUARD);
    const pixels = guarded.subarray(0, width * height * 4);
    const target = { pixels, stride: width * 4, width, height };
    for (const source of [solidPicture(width, height, 0), solidPicture(90, 70, 0)]) {
      new PictureScaler().draw(decoded(source), "all", target, { x: 0, y: 0, width, height });
    }
    expect(pixels.every((byte, index) => index % 4 === 3 || byte < 4)).toBe(true);
    expect(guarded.subarray(pixels.length).every((byte) => byte === GUARD)).toBe(true);
  });

  it("does nothing for a picture that did not change", () => {
    const target = memory(64, 48);
    const picture = decoded(solidPicture(64, 48, 0));
    expect(new PictureScaler().draw(picture, [], target, { x: 0, y: 0, width: 64, height: 48 })).toEqual([]);
    expect(target.pixels[0]).toBe(GUARD);
  });
});
