import { FIRST_GLYPH, GLYPH_HEIGHT, GLYPH_ROWS, GLYPH_WIDTH } from "./glyphs.js";

/** Pixels of four bytes: blue, green, red, unused. */
export interface PixelArea {
  readonly pixels: Uint8Array;
  /** Bytes from row to row. */
  readonly stride: number;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

/** A rectangle in pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How text is drawn. */
export interface TextStyle {
  /** Pixels for each pixel of the font (default 1): a character cell is 6 × 9 times this. */
  readonly scale?: number;
  /** 0xRRGGBB (default white). */
  readonly color?: number;
  /** 0xRRGGBB that fills the cells; absent: what was there shows through. */
  readonly background?: number;
}

const CELL_WIDTH = GLYPH_WIDTH + 1;
const CELL_HEIGHT = GLYPH_HEIGHT + 1;
const REPLACEMENT = "?".charCodeAt(0) - FIRST_GLYPH;
const WHITE = 0xffffff;

/** The size in pixels that {@link drawText} needs. Lines are separated by `\n`. */
export function measureText(text: string, scale = 1): { width: number; height: number } {
  const lines = text.split("\n");
  const columns = Math.max(...lines.map((line) => line.length));
  return { width: columns * CELL_WIDTH * scale, height: lines.length * CELL_HEIGHT * scale };
}

/**
 * Draws text with its top left corner at (x, y), cut off at the edges. Characters outside printable ASCII become "?".
 */
export function drawText(area: PixelArea, x: number, y: number, text: string, style: TextStyle = {}): void {
  const { scale = 1, color = WHITE, background } = style;
  const lines = text.split("\n");
  for (const [row, line] of lines.entries()) {
    const top = y + row * CELL_HEIGHT * scale;
    if (background !== undefined) {
      const { width, height } = measureText(line, scale);
      fillRectangle(area, { x, y: top, width, height }, background);
    }
    for (let column = 0; column < line.length; column++) {
      drawGlyph(area, { x: x + column * CELL_WIDTH * scale, y: top, code: line.charCodeAt(column), scale, color });
    }
  }
}

/** Fills a rectangle with a colour 0xRRGGBB, cut off at the edges. */
export function fillRectangle(area: PixelArea, { x, y, width, height }: Rectangle, color: number): void {
  const [left, right] = [Math.max(0, x), Math.min(area.width, x + width)];
  const [top, bottom] = [Math.max(0, y), Math.min(area.height, y + height)];
  if (left >= right || top >= bottom) return;
  const first = top * area.stride + left * 4;
  const length = (right - left) * 4;
  for (let at = first; at < first + length; at += 4) {
    area.pixels[at] = color & 0xff;
    area.pixels[at + 1] = (color >> 8) & 0xff;
    area.pixels[at + 2] = (color >> 16) & 0xff;
    area.pixels[at + 3] = 0xff;
  }
  for (let row = top + 1; row < bottom; row++) {
    area.pixels.copyWithin(row * area.stride + left * 4, first, first + length);
  }
}

function drawGlyph(
  area: PixelArea,
  { x, y, code, scale, color }: { x: number; y: number; code: number; scale: number; color: number },
): void {
  const index = code - FIRST_GLYPH;
  const known = index >= 0 && index * GLYPH_HEIGHT < GLYPH_ROWS.length ? index : REPLACEMENT;
  for (let row = 0; row < GLYPH_HEIGHT; row++) {
    const bits = GLYPH_ROWS[known * GLYPH_HEIGHT + row] as number;
    for (let column = 0; column < GLYPH_WIDTH; column++) {
      if ((bits & (1 << (GLYPH_WIDTH - 1 - column))) === 0) continue;
      fillRectangle(area, { x: x + column * scale, y: y + row * scale, width: scale, height: scale }, color);
    }
  }
}
