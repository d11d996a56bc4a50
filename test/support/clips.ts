import { micros } from "../../src/core/index.js";
import { Converter } from "../../src/media/converter.js";
import { openEncoder } from "../../src/media/encoder.js";
import type { Picture } from "../../src/media/picture.js";
import { Recorder } from "../../src/media/recorder.js";
import { sample, solidPicture } from "./pictures.js";

/** Of every picture that {@link makeClip} makes. */
export const PICTURE_SIZE = { width: 96, height: 64 };

/** Grey levels between one picture and the next: enough to tell them apart after coding. */
const STEP = 10;

/** What a clip consists of. */
export interface ClipOptions {
  readonly pictures: number;
  readonly fps: number;
  /** The pictures that are coded as keyframes (default: the first). */
  readonly keyframes?: readonly number[];
  /** So many frames at the start are not recorded. */
  readonly skip?: number;
}

/** Records plain pictures, each of its own grey. */
export function makeClip(file: string, { pictures, fps, keyframes = [0], skip = 0 }: ClipOptions): void {
  const encoder = openEncoder({ codec: "h264", ...PICTURE_SIZE, fps, profile: "camera", bitrateBps: 4e6 });
  const converter = new Converter(encoder.input);
  const recorder = new Recorder(file);
  for (let number = 0; number < pictures; number++) {
    const grey = number * STEP;
    const source = solidPicture(PICTURE_SIZE.width, PICTURE_SIZE.height, grey * 0x010101);
    const { picture } = converter.convert(source, "all");
    const captureTime = micros(5e9 + (number * 1e6) / fps);
    const frame = encoder.encode(picture, { changed: "all", keyframe: keyframes.includes(number), captureTime });
    if (frame !== undefined && number >= skip) recorder.add(frame);
  }
  recorder.close();
  encoder.close();
  converter.close();
}

/** Which picture of a clip this is. */
export function pictureNumber(picture: Picture): number {
  const luma = sample(picture, 0, 40, 30);
  return Math.round(((luma - 16) * 255) / 219 / STEP);
}
