import type { Size } from "./picture.js";

/**
 * The size a picture is encoded at: its own, or as large as fits into `bounds` without changing its shape, never enlarged;
 * rounded down to even numbers, which 4:2:0 needs.
 */
export function encodedSize(picture: Size, bounds?: Size): Size {
  const scale = bounds === undefined ? 1 : Math.min(1, bounds.width / picture.width, bounds.height / picture.height);
  return { width: evenLength(picture.width * scale), height: evenLength(picture.height * scale) };
}

/** The size that fits into both bounds. */
export function smallerBounds(a: Size | undefined, b: Size | undefined): Size | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { width: Math.min(a.width, b.width), height: Math.min(a.height, b.height) };
}

function evenLength(length: number): number {
  // A little more than rounding errors, so that 16:9 in 16:9 loses nothing.
  return Math.max(2, 2 * Math.floor((length + 0.01) / 2));
}
