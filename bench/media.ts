/** What a 1080p frame costs in the media process and in the viewer, step by step, all on one core unless the codec has two threads. */

import { type EncodedFrame, micros, SeededRng } from "sightline/core";
import { changedBands } from "#internal/media/changed-bands.js";
import { Converter } from "#internal/media/converter.js";
import { openDecoder } from "#internal/media/decoder.js";
import { openEncoder } from "#internal/media/encoder.js";
import type { Picture } from "#internal/media/picture.js";
import { PictureScaler } from "#internal/media/picture-scaler.js";
import { drawText, fillRectangle } from "#internal/raster/index.js";
import { bench } from "./measure.js";

const WIDTH = 1920;
const HEIGHT = 1080;
const STRIDE = WIDTH * 4;
/** A line of an editor or a clock. */
const STRIP = { y: 480, height: 96 };
const PER_FRAME = { unit: "ms", per: "frame" } as const;
const FULL_VIEW = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

const pages = [1, 2, 3].map(drawPage);
const screen = Buffer.from(pages[0] as Buffer);
const picture: Picture = { width: WIDTH, height: HEIGHT, format: "bgrx", planes: [screen], strides: [STRIDE] };
const settings = { width: WIDTH, height: HEIGHT, fps: 30 };
let count = 0;

const screenEncoder = openEncoder({ ...settings, codec: "h264", profile: "screen", bitrateBps: 20e6 });
const fullColorEncoder = openEncoder({
  ...settings,
  codec: "h264",
  profile: "screen",
  bitrateBps: 60e6,
  chroma: "444",
});
const cameraEncoder = openEncoder({ ...settings, codec: "h264", profile: "camera", bitrateBps: 4e6 });
const jpegEncoder = openEncoder({ ...settings, codec: "jpeg", profile: "camera", bitrateBps: 50e6 });
const converter = new Converter(screenEncoder.input);
const fullColorConverter = new Converter(fullColorEncoder.input);
const jpegConverter = new Converter(jpegEncoder.input);

bench("convert BGRX to 4:2:0, whole picture", PER_FRAME, () => {
  converter.convert(picture, "all");
  return 1;
});
bench(`convert BGRX to 4:2:0, ${STRIP.height} rows`, PER_FRAME, () => {
  converter.convert(picture, [STRIP]);
  return 1;
});
bench("convert BGRX to 4:4:4, whole picture", PER_FRAME, () => {
  fullColorConverter.convert(picture, "all");
  return 1;
});
bench("convert and shrink to 1280x720", PER_FRAME, shrinkOnce());
bench(`H.264 screen encode, ${STRIP.height} rows of text change`, PER_FRAME, () => {
  showStrip(++count);
  encodeScreen(false);
  return 1;
});
bench("H.264 screen encode, nothing changes", PER_FRAME, () => {
  const { picture: still } = converter.convert(picture, []);
  screenEncoder.encode(still, { changed: [], keyframe: false, captureTime: micros(0) });
  return 1;
});
bench("H.264 screen encode, another page each time", PER_FRAME, () => {
  (pages[++count % pages.length] as Buffer).copy(screen);
  const converted = converter.convert(picture, "all");
  screenEncoder.encode(converted.picture, { changed: "all", keyframe: false, captureTime: micros(0) });
  return 1;
});
bench("H.264 screen encode in 4:4:4, a page scrolls", PER_FRAME, () => {
  encodeScrolling();
  return 1;
});
bench("H.264 camera encode, everything moves", PER_FRAME, () => {
  scroll(++count);
  const converted = converter.convert(picture, "all");
  cameraEncoder.encode(converted.picture, { changed: "all", keyframe: false, captureTime: micros(0) });
  return 1;
});
bench("JPEG encode, a page of text", PER_FRAME, () => {
  const converted = jpegConverter.convert(picture, []);
  jpegEncoder.encode(converted.picture, { changed: "all", keyframe: true, captureTime: micros(0) });
  return 1;
});

benchViewer();
benchScrollingViewer();

function shrinkOnce(): () => number {
  const shrinking = new Converter({ ...screenEncoder.input, width: 1280, height: 720 });
  return () => {
    shrinking.convert(picture, "all");
    return 1;
  };
}

/** Decodes and draws a stream in which one strip of text changes. */
function benchViewer(): void {
  const frames = Array.from({ length: 120 }, (_, i) => {
    showStrip(i);
    return encodeScreen(i === 0);
  });
  const decoder = openDecoder("h264");
  const scaler = new PictureScaler();
  const window = { pixels: Buffer.alloc(STRIDE * HEIGHT), stride: STRIDE, width: WIDTH, height: HEIGHT };
  let before: Picture | undefined;
  bench(`H.264 decode, find and draw ${STRIP.height} changed rows`, PER_FRAME, () => {
    for (const { data } of frames) {
      const decoded = decoder.decode(data)?.picture;
      if (decoded === undefined) throw new Error("a frame could not be decoded");
      scaler.draw(decoded, changedBands(before, decoded), window, FULL_VIEW);
      before = decoded;
    }
    return frames.length;
  });
  bench("draw the whole picture at 1:1", PER_FRAME, () => {
    if (before !== undefined) scaler.draw(before, "all", window, FULL_VIEW);
    return 1;
  });
}

/** Decodes and draws a page in 4:4:4 that scrolls. */
function benchScrollingViewer(): void {
  const frames = Array.from({ length: 60 }, (_, i) => encodeScrolling(i === 0));
  const decoder = openDecoder("h264");
  const scaler = new PictureScaler();
  const window = { pixels: Buffer.alloc(STRIDE * HEIGHT), stride: STRIDE, width: WIDTH, height: HEIGHT };
  bench("H.264 decode in 4:4:4, a page scrolls", PER_FRAME, () => {
    for (const { data } of frames) decoder.decode(data);
    return frames.length;
  });
  const drawn = decoder.decode((frames[0] as EncodedFrame).data)?.picture as Picture;
  bench("draw the whole picture from 4:4:4 at 1:1", PER_FRAME, () => {
    scaler.draw(drawn, "all", window, FULL_VIEW);
    return 1;
  });
}

function encodeScrolling(keyframe = false): EncodedFrame {
  scroll(2 * ++count);
  const converted = fullColorConverter.convert(picture, "all");
  const request = { changed: "all", keyframe, captureTime: micros(0) } as const;
  const frame = fullColorEncoder.encode(converted.picture, request);
  if (frame === undefined) throw new Error("the encoder made no frame");
  return frame;
}

function encodeScreen(keyframe: boolean): EncodedFrame {
  const converted = converter.convert(picture, [STRIP]);
  const frame = screenEncoder.encode(converted.picture, { changed: [STRIP], keyframe, captureTime: micros(0) });
  if (frame === undefined) throw new Error("the encoder made no frame");
  return frame;
}

function showStrip(index: number): void {
  const [start, end] = [STRIP.y * STRIDE, (STRIP.y + STRIP.height) * STRIDE];
  (pages[index % pages.length] as Buffer).copy(screen, start, start, end);
}

function scroll(rows: number): void {
  const start = (rows % 500) * STRIDE;
  (pages[0] as Buffer).copy(screen, 0, start);
}

function drawPage(seed: number): Buffer {
  const rng = new SeededRng(seed);
  const pixels = Buffer.alloc(STRIDE * HEIGHT);
  const area = { pixels, stride: STRIDE, width: WIDTH, height: HEIGHT };
  fillRectangle(area, FULL_VIEW, 0xf8f8f4);
  for (let y = 8; y < HEIGHT - 20; y += 20) {
    const letters = Array.from({ length: 60 + (rng.uint32() % 80) }, () => 97 + (rng.uint32() % 26));
    drawText(area, 12, y, String.fromCharCode(...letters), { scale: 2, color: 0x202020 });
  }
  return pixels;
}
