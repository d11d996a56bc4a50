import { SeededRng } from "../../src/core/index.js";
import type { Picture, PixelFormat } from "../../src/media/picture.js";
import { drawText, fillRectangle } from "../../src/raster/index.js";

/** A BGRX picture of one colour, 0xRRGGBB. `padding` is unused bytes after each row. */
export function solidPicture(width: number, height: number, color: number, padding = 0): Picture {
  const stride = width * 4 + padding;
  const pixels = Buffer.alloc(stride * height);
  fillRectangle({ pixels, stride, width, height }, { x: 0, y: 0, width, height }, color);
  return { width, height, format: "bgrx", planes: [pixels], strides: [stride] };
}

/** Fills the rows of a BGRX picture with dark words on a light ground, others for every seed. */
export function drawWords(picture: Picture, seed: number, y = 0, height = picture.height): void {
  const rng = new SeededRng(seed);
  const [pixels, stride] = [picture.planes[0] as Buffer, picture.strides[0] as number];
  const area = { pixels: pixels.subarray(y * stride), stride, width: picture.width, height };
  fillRectangle(area, { x: 0, y: 0, width: picture.width, height }, 0xf0f0e8);
  for (let line = 0; line * 9 < height; line++) {
    const words = Array.from({ length: picture.width / 12 }, () => 32 + (rng.uint32() % 95));
    drawText(area, 2, line * 9, String.fromCharCode(...words), { color: 0x202030 });
  }
}

/** A copy of a picture in memory of its own. */
export function copyPicture(picture: Picture): Picture {
  return { ...picture, planes: picture.planes.map((plane) => Buffer.from(plane)) };
}

const CHROMA_SHIFTS: Partial<Record<PixelFormat, readonly [number, number]>> = {
  yuv420p: [1, 1],
  yuv422p: [1, 0],
  yuv444p: [0, 0],
};

/** Peak signal-to-noise ratio in dB over all planes of two pictures of one layout; infinite if they are equal. */
export function psnr(a: Picture, b: Picture, rows: { y: number; height: number } = { y: 0, height: a.height }): number {
  if (a.format !== b.format || a.width !== b.width || a.height !== b.height) throw new Error("the layouts differ");
  let [sum, count] = [0, 0];
  for (let plane = 0; plane < a.planes.length; plane++) {
    const [across, down] = plane === 0 ? [0, 0] : (CHROMA_SHIFTS[a.format] ?? [0, 0]);
    const bytes = a.format === "bgrx" ? a.width * 4 : (a.width + across) >> across;
    for (let y = rows.y >> down; y < (rows.y + rows.height + down) >> down; y++) {
      for (let x = 0; x < bytes; x++) {
        if (a.format === "bgrx" && x % 4 === 3) continue;
        const difference = sample(a, plane, x, y) - sample(b, plane, x, y);
        sum += difference * difference;
        count++;
      }
    }
  }
  return 10 * Math.log10((255 * 255 * count) / sum);
}

/** One byte of a plane. */
export function sample(picture: Picture, plane: number, x: number, y: number): number {
  return (picture.planes[plane] as Buffer)[y * (picture.strides[plane] as number) + x] as number;
}
