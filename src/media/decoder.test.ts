import { describe, expect, it } from "vitest";
import { copyPicture, drawWords, psnr, solidPicture } from "../../test/support/pictures.js";
import { type EncodedFrame, micros, SeededRng, type VideoCodec } from "../core/index.js";
import { Converter } from "./converter.js";
import { openDecoder } from "./decoder.js";
import { openEncoder } from "./encoder.js";
import type { Picture } from "./picture.js";

function encodeSome(codec: VideoCodec, count: number, size = { width: 160, height: 96 }): EncodedFrame[] {
  const encoder = openEncoder({ codec, ...size, fps: 30, profile: "screen", bitrateBps: 4e6 });
  const converter = new Converter(encoder.input);
  const source = solidPicture(size.width, size.height, 0x446688);
  return Array.from({ length: count }, (_, i) => {
    drawWords(source, i, 16 * (i % 5), 16);
    const { picture } = converter.convert(source, "all");
    const frame = encoder.encode(picture, { changed: "all", keyframe: false, captureTime: micros(i) });
    if (frame === undefined) throw new Error("no frame came out");
    return frame;
  });
}

describe.each(["h264", "jpeg"] as const)("the %s decoder", (codec) => {
  const frames = encodeSome(codec, 20);

  it("returns every frame's picture at once", () => {
    const decoder = openDecoder(codec);
    for (const { data } of frames) {
      expect(decoder.decode(data)).toMatchObject({ isDamaged: false, picture: { width: 160, height: 96 } });
    }
    expect(decoder.statistics()).toEqual({ framesDecoded: 20, framesFailed: 0 });
  });

  it("leaves the picture before in place, and the one that is to be kept", () => {
    const decoder = openDecoder(codec);
    const decode = (index: number) => decoder.decode((frames[index] as EncodedFrame).data)?.picture as Picture;
    const kept = decode(0);
    const copyOfKept = copyPicture(kept);
    decoder.keep(kept);
    for (let index = 1; index < 9; index += 2) {
      const before = decode(index);
      const copyOfBefore = copyPicture(before);
      decode(index + 1);
      expect(psnr(before, copyOfBefore)).toBe(Number.POSITIVE_INFINITY);
    }
    decoder.close();
    expect(psnr(kept, copyOfKept)).toBe(Number.POSITIVE_INFINITY);
  });

  it("survives 10,000 frames of garbage and damage, and still decodes", () => {
    const rng = new SeededRng(7);
    const decoder = openDecoder(codec);
    for (let i = 0; i < 10_000; i++) {
      const data = Buffer.from((frames[i % frames.length] as EncodedFrame).data);
      if (i % 7 === 3) {
        for (let at = 0; at < data.length; at++) data[at] = rng.uint32();
      } else {
        for (let flips = 1 + (rng.uint32() % 8); flips > 0; flips--) data[rng.uint32() % data.length] = rng.uint32();
      }
      decoder.decode(i % 3 === 0 ? data.subarray(0, rng.uint32() % data.length) : data);
    }
    expect(decoder.statistics().framesFailed).toBeGreaterThan(1_000);
    const pictures = frames.map(({ data }) => decoder.decode(data));
    expect(pictures.at(-1)).toMatchObject({ isDamaged: false, picture: { width: 160, height: 96 } });
  });
});

describe("the H.264 decoder", () => {
  const frames = encodeSome("h264", 10);

  it("makes nothing of a stream without its keyframe", () => {
    const decoder = openDecoder("h264");
    for (const { data } of frames.slice(1)) expect(decoder.decode(data)).toBeUndefined();
    expect(decoder.statistics()).toEqual({ framesDecoded: 0, framesFailed: 9 });
  });

  it("passes an empty frame over", () => {
    const decoder = openDecoder("h264");
    expect(decoder.decode(new Uint8Array(0))).toBeUndefined();
    expect(decoder.decode((frames[0] as EncodedFrame).data)).toBeDefined();
  });
});
