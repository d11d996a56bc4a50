import { describe, expect, it } from "vitest";
import { type PlacedPointer, PointerPainter } from "./pointer-painter.js";

const ORIGIN = { x: 0, y: 0 };

function canvas(): { pixels: Buffer; stride: number; width: number; height: number } {
  return { pixels: Buffer.alloc(8 * 8 * 4, 100), stride: 8 * 4, width: 8, height: 8 };
}

/** Three pixels side by side: opaque red, transparent, half-transparent white. The hot spot is the first one. */
function pointerAt(x: number, y: number): PlacedPointer {
  const argb = Uint32Array.of(0xffff_0000, 0, 0x8080_8080);
  return { x, y, shape: { width: 3, height: 1, hotX: 0, hotY: 0, argb } };
}

function pixel(pixels: Buffer, x: number, y: number): number[] {
  return [...pixels.subarray(y * 32 + x * 4, y * 32 + x * 4 + 3)];
}

describe("PointerPainter", () => {
  it("blends the shape over the picture, and restores it", () => {
    const area = canvas();
    const before = Buffer.from(area.pixels);
    const painter = new PointerPainter(area);
    expect(painter.paint(pointerAt(2, 3), ORIGIN)).toMatchObject({ y: 3, height: 1 });
    expect(pixel(area.pixels, 2, 3)).toEqual([0, 0, 255]);
    expect(pixel(area.pixels, 3, 3)).toEqual([100, 100, 100]);
    expect(pixel(area.pixels, 4, 3)).toEqual([178, 178, 178]);
    painter.erase();
    expect(area.pixels.equals(before)).toBe(true);
    expect(painter.rows).toBeUndefined();
  });

  it("cuts the shape off at the edges", () => {
    const area = canvas();
    const painter = new PointerPainter(area);
    painter.paint(pointerAt(-2, 0), ORIGIN);
    expect(pixel(area.pixels, 0, 0)).toEqual([178, 178, 178]);
    expect(pixel(area.pixels, 1, 0)).toEqual([100, 100, 100]);
  });

  it("paints nothing outside", () => {
    const area = canvas();
    const painter = new PointerPainter(area);
    expect(painter.paint(pointerAt(8, 0), ORIGIN)).toBeUndefined();
    expect(painter.paint(pointerAt(20, 20), { x: 30, y: 20 })).toBeUndefined();
  });
});
