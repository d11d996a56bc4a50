import type sharp from "sharp";
import type { PixelRectangle, PixelSize, StillCodec } from "../../core/index.js";
import { PlainImages } from "./plain-images.js";

/**
 * How hard WebP tries to save bytes. Measured on a dense light and a dark page in full-width bands of 256 rows, two at a time, kB
 * and ms: `fast` 175 / 32 and 228 / 31, `thorough` 102 / 75 and 122 / 79; in bands of 512 rows `fast` 145 / 37 and 175 / 27. More
 * effort saves nothing. PNG level 1: 391 / 6; deflate 366 / 8. An opaque fourth channel is free; removing it costs 12 ms.
 */
const WEBP_EFFORT = { fast: 0, thorough: 1 } as const;

/** A name of {@link WEBP_EFFORT}. */
export type StillEffort = keyof typeof WEBP_EFFORT;

/** An image of one colour takes 38 bytes. */
const PLAIN_IMAGE_BYTES = 64;

/** A coded image. */
export interface CodedImage {
  readonly codec: StillCodec;
  readonly data: Buffer;
}

/** Pixels of a picture in red, green, blue, opaque order, cut out so that the picture may change. */
export interface CutPixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint32Array;
}

/**
 * Copies a rectangle out of BGRX pixels.
 *
 * @param memory - what the copy is written to; it must have room for the rectangle's pixels
 */
export function cutPixels(
  bgrx: Buffer,
  stride: number,
  { x, y, width, height }: PixelRectangle,
  memory: Uint32Array,
): CutPixels {
  const source = new Uint32Array(bgrx.buffer, bgrx.byteOffset, bgrx.length >> 2);
  const rgba = memory.subarray(0, width * height);
  let to = 0;
  for (let row = y; row < y + height; row++) {
    const start = row * (stride >> 2) + x;
    for (let from = start; from < start + width; from++, to++) {
      const pixel = source[from] as number;
      rgba[to] = 0xff000000 | (pixel & 0xff00) | ((pixel & 0xff) << 16) | ((pixel >>> 16) & 0xff);
    }
  }
  return { width, height, rgba };
}

const codedImages = new PlainImages();
const decodedImages = new PlainImages();

/** Codes pixels without loss, off this thread. Rejects with sharp's error. */
export async function encodeStill(
  { width, height, rgba }: CutPixels,
  effort: StillEffort = "fast",
): Promise<CodedImage> {
  const color = colorOf(rgba);
  const known = color !== undefined && codedImages.get({ width, height }, String(color));
  if (known) return { codec: "webp", data: known };
  const sharpImage = await loadSharp();
  const bytes = new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  const data = await sharpImage(bytes, { raw: { width, height, channels: 4 } })
    .webp({ lossless: true, effort: WEBP_EFFORT[effort] })
    .toBuffer();
  if (color !== undefined) codedImages.add({ width, height }, String(color), data);
  return { codec: "webp", data };
}

/**
 * Decodes an image into BGRX pixels without gaps, off this thread; for reading alone. Rejects with sharp's error, as for another
 * size.
 */
export async function decodeStill(data: Uint8Array, { width, height }: PixelSize): Promise<Buffer> {
  const coded = data.length <= PLAIN_IMAGE_BYTES ? Buffer.from(data).toString("latin1") : undefined;
  const known = coded !== undefined && decodedImages.get({ width, height }, coded);
  if (known) return known;
  const sharpImage = await loadSharp();
  const limits = { limitInputPixels: width * height, failOn: "error" } as const;
  const { data: rgba, info } = await sharpImage(data, limits).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  if (info.width !== width || info.height !== height || info.channels !== 4)
    throw new RangeError("an image of another size");
  const pixels = swapRedBlue(rgba);
  if (coded !== undefined) decodedImages.add({ width, height }, coded, pixels);
  return pixels;
}

/** Loaded when first needed: most programs that watch or share never are. */
let loading: Promise<typeof sharp> | undefined;

function loadSharp(): Promise<typeof sharp> {
  loading ??= import("sharp").then(({ default: loaded }) => {
    // Images are coded side by side by libuv's threads; more threads for each would take the video encoder's.
    loaded.concurrency(1);
    loaded.cache(false);
    return loaded;
  });
  return loading;
}

/** The one colour of all pixels, if there is but one. */
function colorOf(rgba: Uint32Array): number | undefined {
  const [color] = rgba;
  return rgba.every((pixel) => pixel === color) ? color : undefined;
}

function swapRedBlue(rgba: Buffer): Buffer {
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length >> 2);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i] as number;
    pixels[i] = 0xff000000 | (pixel & 0xff00) | ((pixel & 0xff) << 16) | ((pixel >>> 16) & 0xff);
  }
  return rgba;
}
