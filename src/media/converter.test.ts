import { describe, expect, it } from "vitest";
import { copyPicture, drawWords, psnr, sample, solidPicture } from "../../test/support/pictures.js";
import { Converter } from "./converter.js";
import { allocatePicture } from "./native/picture-frame.js";
import { BT709_LIMITED, type Picture } from "./picture.js";

const YUV_64x48 = { width: 64, height: 48, format: "yuv420p", color: BT709_LIMITED } as const;

function samplesOf(picture: Picture): number[] {
  return picture.planes.map((_, plane) => sample(picture, plane, 3, 3));
}

describe("Converter", () => {
  // ITU-R BT.709 over the limited range: Y = 16 + 219·(0.2126 R + 0.7152 G + 0.0722 B), Cb and Cr accordingly.
  it.each([
    ["black", 0x000000, [16, 128, 128]],
    ["white", 0xffffff, [235, 128, 128]],
    ["red", 0xff0000, [63, 102, 240]],
    ["green", 0x00ff00, [173, 42, 26]],
    ["blue", 0x0000ff, [32, 240, 118]],
  ])("turns %s into BT.709", (_name, color, expected) => {
    const converter = new Converter(YUV_64x48);
    const samples = samplesOf(converter.convert(solidPicture(64, 48, color), "all").picture);
    for (const [plane, value] of expected.entries())
      expect(Math.abs((samples[plane] as number) - value)).toBeLessThan(2);
    converter.close();
  });

  it("uses JFIF's colours where they are asked for", () => {
    const converter = new Converter({ ...YUV_64x48, color: { matrix: "bt601", range: "full" } });
    const [y, cb, cr] = samplesOf(converter.convert(solidPicture(64, 48, 0xff0000), "all").picture);
    expect([y, cb, cr].map((value) => Math.round((value as number) / 3))).toEqual(
      [76, 85, 255].map((v) => Math.round(v / 3)),
    );
    converter.close();
  });

  it("converts changed bands as it converts the whole", () => {
    const source = solidPicture(320, 240, 0, 48);
    const [banded, whole] = [0, 1].map(() => new Converter({ ...YUV_64x48, width: 320, height: 240 })) as [
      Converter,
      Converter,
    ];
    drawWords(source, 1);
    banded.convert(source, "all");
    drawWords(source, 2, 32, 48);
    drawWords(source, 3, 224, 16);
    const bands = [
      { y: 32, height: 48 },
      { y: 224, height: 16 },
    ];
    const converted = banded.convert(source, bands);
    expect(converted.changed).toEqual(bands);
    expect(psnr(converted.picture, whole.convert(source, "all").picture)).toBe(Number.POSITIVE_INFINITY);
  });

  it("leaves rows alone that are not said to have changed", () => {
    const source = solidPicture(64, 48, 0xffffff);
    const converter = new Converter(YUV_64x48);
    converter.convert(source, "all");
    const { picture } = converter.convert(solidPicture(64, 48, 0), [{ y: 16, height: 16 }]);
    expect([0, 15, 16, 31, 32].map((y) => sample(picture, 0, 5, y))).toEqual([235, 235, 16, 16, 235]);
  });

  it("crops odd sizes by a pixel instead of scaling them", () => {
    const source = solidPicture(65, 49, 0xffffff);
    drawWords(source, 1);
    const exact = new Converter({ ...YUV_64x48, width: 65, height: 49, format: "yuv444p" }).convert(
      source,
      "all",
    ).picture;
    const cropped = new Converter({ ...YUV_64x48, format: "yuv444p" }).convert(source, "all").picture;
    for (let y = 0; y < 48; y++) {
      for (let x = 0; x < 64; x += 7) expect(sample(cropped, 0, x, y)).toBe(sample(exact, 0, x, y));
    }
  });

  it("scales other sizes", () => {
    const source = solidPicture(128, 96, 0xff0000);
    const { picture, changed } = new Converter(YUV_64x48).convert(source, [{ y: 0, height: 16 }]);
    expect(changed).toBe("all");
    expect(samplesOf(picture)[2]).toBe(240);
  });

  it("hands through what is right already", () => {
    const { picture } = allocatePicture(YUV_64x48);
    expect(new Converter(YUV_64x48).convert(picture, "all").picture).toBe(picture);
  });

  it("changes a YCbCr picture's matrix and range", () => {
    const full = { matrix: "bt601", range: "full" } as const;
    const camera = new Converter({ ...YUV_64x48, format: "yuv422p", color: full });
    const jpegLike = camera.convert(solidPicture(64, 48, 0x2060c0), "all").picture;
    const direct = new Converter(YUV_64x48).convert(solidPicture(64, 48, 0x2060c0), "all").picture;
    for (const input of [jpegLike, copyPicture(jpegLike)]) {
      const converted = new Converter(YUV_64x48).convert(input, "all").picture;
      expect(psnr(converted, direct)).toBeGreaterThan(40);
    }
  });
});
