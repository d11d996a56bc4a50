import { describe, expect, it } from "vitest";
import { GLYPH_HEIGHT, GLYPH_ROWS } from "./glyphs.js";
import { drawText, fillRectangle, measureText, type PixelArea } from "./text.js";

function area(width: number, height: number, stride = width * 4): PixelArea {
  return { pixels: new Uint8Array(stride * height), stride, width, height };
}

/** Rows of "#" (not black) and "." (black). */
function show({ pixels, stride, width, height }: PixelArea): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (pixels[y * stride + x * 4] ? "#" : ".")).join(""),
  );
}

describe("drawText", () => {
  it("has a glyph for all of printable ASCII, no two alike", () => {
    expect(GLYPH_ROWS).toHaveLength(95 * GLYPH_HEIGHT);
    const glyphs = Array.from({ length: 95 }, (_, i) => GLYPH_ROWS.subarray(i * 8, i * 8 + 8).join());
    expect(new Set(glyphs).size).toBe(95);
    expect(Math.max(...GLYPH_ROWS)).toBeLessThan(32);
  });

  it("draws a glyph upright", () => {
    const pixels = area(6, 9, 40);
    drawText(pixels, 0, 0, "L");
    expect(show(pixels)).toEqual([...Array(6).fill("#....."), "#####.", "......", "......"]);
  });

  it("scales, starts new lines and measures what it draws", () => {
    const { width, height } = measureText("ab\nc", 2);
    expect({ width, height }).toEqual({ width: 24, height: 36 });
    const pixels = area(width, height);
    drawText(pixels, 0, 0, "ab\nc", { scale: 2, background: 0x0000ff });
    // The second line is shorter; its background ends with it.
    expect(show(pixels)[35]).toBe("#".repeat(12) + ".".repeat(12));
    expect(show(pixels)[0]).toBe("#".repeat(24));
  });

  it("is cut off at the edges and leaves the rest of each row alone", () => {
    const pixels = area(4, 4, 32);
    drawText(pixels, -2, -3, "##\u00e9", { scale: 3, color: 0x123456 });
    fillRectangle(pixels, { x: -5, y: -5, width: 100, height: 100 }, 0x0a0b0c);
    for (let y = 0; y < 4; y++) {
      expect([...pixels.pixels.subarray(y * 32, y * 32 + 4)]).toEqual([0x0c, 0x0b, 0x0a, 0xff]);
      expect(pixels.pixels.subarray(y * 32 + 16, y * 32 + 32).every((byte) => byte === 0)).toBe(true);
    }
  });

  it("writes colours in the order blue, green, red", () => {
    const pixels = area(1, 1);
    fillRectangle(pixels, { x: 0, y: 0, width: 1, height: 1 }, 0x102030);
    expect([...pixels.pixels]).toEqual([0x30, 0x20, 0x10, 0xff]);
  });
});
