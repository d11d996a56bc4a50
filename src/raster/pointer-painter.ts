import type { PixelArea } from "./text.js";

/** What a mouse pointer looks like. */
export interface PointerImage {
  readonly width: number;
  readonly height: number;
  /** The pixel that lies at the pointer's position. */
  readonly hotX: number;
  readonly hotY: number;
  /** Row by row, 0xAARRGGBB with the colours multiplied by alpha. */
  readonly argb: Uint32Array;
}

/** A mouse pointer somewhere. */
export interface PlacedPointer {
  /** Of its hot spot, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly shape: PointerImage;
}

/** What one drawing covered. */
interface Patch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The canvas's pixels before the pointer was painted, row by row. */
  readonly beneath: Uint8Array;
}

/** Paints the mouse pointer into a picture, and takes it out again so that the picture can be compared with the screen. */
export class PointerPainter {
  private readonly canvas: PixelArea;
  private patch: Patch | undefined;

  /** @param canvas - a BGRX picture */
  constructor(canvas: PixelArea) {
    this.canvas = canvas;
  }

  /** The rows that show the pointer, or undefined if none do. */
  get rows(): { readonly y: number; readonly height: number } | undefined {
    return this.patch;
  }

  /** Restores what is beneath the pointer. */
  erase(): void {
    const patch = this.patch;
    if (!patch) return;
    const { pixels, stride } = this.canvas;
    const rowBytes = patch.width * 4;
    for (let row = 0; row < patch.height; row++) {
      const offset = (patch.y + row) * stride + patch.x * 4;
      pixels.set(patch.beneath.subarray(row * rowBytes, (row + 1) * rowBytes), offset);
    }
    this.patch = undefined;
  }

  /**
   * Paints the pointer; it must have been erased before.
   *
   * @param origin - the canvas's top left pixel in the pointer's coordinates
   * @returns the rows that show it; undefined if it lies outside
   */
  paint(
    pointer: PlacedPointer,
    origin: { readonly x: number; readonly y: number },
  ): { readonly y: number; readonly height: number } | undefined {
    const { pixels, stride, width, height } = this.canvas;
    const { shape } = pointer;
    const left = pointer.x - shape.hotX - origin.x;
    const top = pointer.y - shape.hotY - origin.y;
    const x = Math.max(0, left);
    const y = Math.max(0, top);
    const right = Math.min(width, left + shape.width);
    const bottom = Math.min(height, top + shape.height);
    if (right <= x || bottom <= y) return undefined;
    const rowBytes = (right - x) * 4;
    const beneath = new Uint8Array(rowBytes * (bottom - y));
    for (let row = y; row < bottom; row++) {
      const start = row * stride + x * 4;
      beneath.set(pixels.subarray(start, start + rowBytes), (row - y) * rowBytes);
      const first = (row - top) * shape.width + (x - left);
      blendRow(pixels, start, shape.argb.subarray(first, first + right - x));
    }
    this.patch = { x, y, width: right - x, height: bottom - y, beneath };
    return this.patch;
  }
}

/** Lays pixels (0xAARRGGBB, premultiplied) over BGRX. */
function blendRow(pixels: Uint8Array, start: number, argb: Uint32Array): void {
  for (let i = 0; i < argb.length; i++) {
    const source = argb[i] ?? 0;
    const alpha = source >>> 24;
    if (alpha === 0) continue;
    const offset = start + 4 * i;
    for (let channel = 0; channel < 3; channel++) {
      const over = (source >>> (8 * channel)) & 255;
      const under = pixels[offset + channel] ?? 0;
      pixels[offset + channel] = Math.min(255, over + Math.round((under * (255 - alpha)) / 255));
    }
  }
}
