import { describe, expect, it } from "vitest";
import { copyPicture, drawWords, psnr, solidPicture } from "../../test/support/pictures.js";
import { type EncodedFrame, micros, SightlineError } from "../core/index.js";
import { splitAnnexB } from "../core/payload/index.js";
import { Converter } from "./converter.js";
import { type DecodedPicture, openDecoder } from "./decoder.js";
import { type Encoder, type EncoderSettings, openEncoder } from "./encoder.js";
import type { ChangedRows, Picture } from "./picture.js";

const SCREEN: EncoderSettings = { codec: "h264", width: 320, height: 240, fps: 30, profile: "screen", bitrateBps: 8e6 };

/** An encoder with its converter, fed with BGRX pictures. */
class Camera {
  readonly encoder: Encoder;
  private readonly converter: Converter;
  private time = 0;

  constructor(settings: EncoderSettings) {
    this.encoder = openEncoder(settings);
    this.converter = new Converter(this.encoder.input);
  }

  /** Lets time pass without a picture. */
  wait(micros: number): void {
    this.time += micros;
  }

  encode(source: Picture, changed: ChangedRows = "all", keyframe = false): { frame: EncodedFrame; input: Picture } {
    const converted = this.converter.convert(source, changed);
    this.time += 33_333;
    const captureTime = micros(this.time);
    const frame = this.encoder.encode(converted.picture, { changed: converted.changed, keyframe, captureTime });
    if (frame === undefined) throw new Error("no frame came out");
    expect(frame.captureTime).toBe(captureTime);
    return { frame, input: copyPicture(converted.picture) };
  }
}

function nalTypes(frame: EncodedFrame): number[] {
  return splitAnnexB(frame.data).map((nal) => (nal[0] as number) & 0x1f);
}

function decoded(picture: DecodedPicture | undefined): Picture {
  if (picture === undefined) throw new Error("nothing was decoded");
  expect(picture.isDamaged).toBe(false);
  return picture.picture;
}

describe.each(["screen", "camera"] as const)("the H.264 encoder for a %s", (profile) => {
  it("gives each picture back at once", () => {
    const camera = new Camera({ ...SCREEN, profile });
    const decoder = openDecoder("h264");
    const source = solidPicture(320, 240, 0);
    for (let seed = 0; seed < 5; seed++) {
      drawWords(source, seed);
      const { frame, input } = camera.encode(source);
      expect(frame.keyframe).toBe(seed === 0);
      const picture = decoded(decoder.decode(frame.data));
      expect(picture.color).toEqual({ matrix: "bt709", range: "limited" });
      expect(psnr(picture, input)).toBeGreaterThan(profile === "screen" ? 33 : 22);
    }
  });

  it("makes an IDR with its parameter sets only when asked", () => {
    const camera = new Camera({ ...SCREEN, profile });
    const source = solidPicture(320, 240, 0x406080);
    camera.encode(source);
    for (let i = 0; i < 40; i++) {
      drawWords(source, i, 16, 32);
      expect(nalTypes(camera.encode(source).frame).every((type) => type === 1)).toBe(true);
    }
    const { frame } = camera.encode(source, [], true);
    expect(frame.keyframe).toBe(true);
    expect(nalTypes(frame).filter((type) => type !== 6)).toEqual([7, 8, 5, 5]);
    expect(psnr(decoded(openDecoder("h264").decode(frame.data)), camera.encode(source).input)).toBeGreaterThan(30);
  });

  it("follows a new bitrate", () => {
    const camera = new Camera({ ...SCREEN, profile });
    const source = solidPicture(320, 240, 0);
    const meanBytes = (): number => {
      let bytes = 0;
      for (let i = 0; i < 60; i++) {
        drawWords(source, i);
        const { frame } = camera.encode(source);
        if (i >= 30) bytes += frame.data.length / 30;
      }
      return bytes;
    };
    const before = meanBytes();
    camera.encoder.setBitrate(1e6);
    expect(meanBytes()).toBeLessThan(before / 3);
  });
});

describe("the H.264 encoder", () => {
  it("keeps what is not said to have changed, and shows what is", () => {
    const camera = new Camera(SCREEN);
    const decoder = openDecoder("h264");
    const source = solidPicture(320, 240, 0);
    drawWords(source, 0);
    decoder.decode(camera.encode(source).frame.data);
    for (let i = 1; i < 12; i++) {
      const band = { y: 16 * (i % 13), height: 32 };
      drawWords(source, i, band.y, band.height);
      const { frame, input } = camera.encode(source, [band]);
      const picture = decoded(decoder.decode(frame.data));
      expect(psnr(picture, input, band)).toBeGreaterThan(33);
      expect(psnr(picture, input)).toBeGreaterThan(33);
    }
  });

  it("works harder on a page that flips once the path was thin for a while, and never between flips", () => {
    const source = solidPicture(320, 240, 0);
    const flip = (bitrateBps: number) => {
      const camera = new Camera({ ...SCREEN, bitrateBps });
      const first = camera.encode(source).frame;
      camera.encode(source, []);
      drawWords(source, 1);
      camera.wait(4e6);
      const strip = camera.encode(source, [{ y: 0, height: 16 }]).frame;
      drawWords(source, 2);
      return { first, strip, flip: camera.encode(source).frame };
    };
    const [wide, thin] = [flip(20e6), flip(9e6)];
    expect([wide.strip.keyframe, wide.flip.keyframe]).toEqual([false, false]);
    expect([thin.strip.keyframe, thin.flip.keyframe]).toEqual([false, true]);
    const settingsOf = ({ data }: EncodedFrame) => splitAnnexB(data).find((nal) => ((nal[0] as number) & 0x1f) === 8);
    expect(settingsOf(thin.flip)).not.toEqual(settingsOf(thin.first));
  });

  it("sharpens a still picture and then costs next to nothing", () => {
    const camera = new Camera({ ...SCREEN, bitrateBps: 300e3 });
    const decoder = openDecoder("h264");
    const source = solidPicture(320, 240, 0);
    drawWords(source, 1);
    const first = camera.encode(source);
    const firstQuality = psnr(decoded(decoder.decode(first.frame.data)), first.input);
    let last = first;
    let quality = 0;
    for (let i = 0; i < 60; i++) {
      last = camera.encode(source, []);
      quality = psnr(decoded(decoder.decode(last.frame.data)), last.input);
    }
    expect(quality).toBeGreaterThan(firstQuality + 3);
    expect(last.frame.data.length).toBeLessThan(200);
  });

  it("names what works when another encoder is asked for", () => {
    expect(() => openEncoder({ ...SCREEN, encoder: "h264_none" })).toThrow(SightlineError);
  });
});

describe("the JPEG encoder", () => {
  const settings: EncoderSettings = { ...SCREEN, codec: "jpeg", bitrateBps: 50e6 };

  it("makes baseline 4:2:0 with the standard Huffman tables", () => {
    const source = solidPicture(320, 240, 0);
    drawWords(source, 1);
    const { frame, input } = new Camera(settings).encode(source);
    expect(frame).toMatchObject({ codec: "jpeg", keyframe: true });
    const picture = decoded(openDecoder("jpeg").decode(frame.data));
    expect(picture.format).toBe("yuv420p");
    expect(psnr(picture, input)).toBeGreaterThan(35);
    const markers = markersOf(frame.data);
    expect(markers.has(0xc0)).toBe(true);
    expect(markers.has(0xdd)).toBe(false);
    // ITU-T T.81 K.3: the standard tables' sizes with their lengths and class bytes.
    const huffmanBytes = (markers.get(0xc4) ?? []).reduce((sum, length) => sum + length - 2, 0);
    expect(huffmanBytes).toBe(2 * (17 + 12) + 2 * (17 + 162));
  });

  it("fits each picture into the limit by quality and then size, and climbs back", () => {
    const maxFrameBytes = 6_000;
    const camera = new Camera({ ...settings, maxFrameBytes });
    const decoder = openDecoder("jpeg");
    const words = solidPicture(320, 240, 0);
    drawWords(words, 1);
    const small = decoded(decoder.decode(fitting(camera, words, maxFrameBytes).data));
    expect(small.width).toBeLessThan(320);
    const plain = solidPicture(320, 240, 0x808080);
    for (let i = 0; i < 500; i++) fitting(camera, plain, maxFrameBytes);
    expect(decoded(decoder.decode(fitting(camera, plain, maxFrameBytes).data)).width).toBe(320);
  });

  it("gives up a picture that cannot fit", () => {
    const encoder = openEncoder({ ...settings, maxFrameBytes: 500 });
    const source = solidPicture(320, 240, 0);
    drawWords(source, 1);
    const { picture } = new Converter(encoder.input).convert(source, "all");
    expect(encoder.encode(picture, { changed: "all", keyframe: false, captureTime: micros(0) })).toBeUndefined();
  });

  it("refuses other encoders", () => {
    expect(() => openEncoder({ ...settings, encoder: "libx264" })).toThrow(/mjpeg/);
  });
});

function fitting(camera: Camera, source: Picture, limit: number): EncodedFrame {
  const { frame } = camera.encode(source);
  expect(frame.data.length).toBeLessThanOrEqual(limit);
  return frame;
}

/** Lengths of the segments before the scan, by marker. */
function markersOf(jpeg: Uint8Array): Map<number, number[]> {
  const markers = new Map<number, number[]>();
  for (let at = 2; jpeg[at + 1] !== 0xda; ) {
    const length = ((jpeg[at + 2] as number) << 8) | (jpeg[at + 3] as number);
    const marker = jpeg[at + 1] as number;
    markers.set(marker, [...(markers.get(marker) ?? []), length]);
    at += 2 + length;
  }
  return markers;
}
