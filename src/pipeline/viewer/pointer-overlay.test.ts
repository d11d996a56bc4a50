import { expect, it } from "vitest";
import { PointerOverlay } from "./pointer-overlay.js";

const PICTURE = { width: 32, height: 32 };
const VIEWPORT = { x: 4, y: 2, width: 16, height: 16 };
const SHAPE = { id: 7, width: 2, height: 1, hotspotX: 1, hotspotY: 0 };
/** Half-transparent orange, and opaque blue under the hot spot. */
const RGBA = Uint8Array.of(255, 128, 0, 128, 0, 0, 255, 255);

function area() {
  return { pixels: new Uint8Array(24 * 24 * 4).fill(100), stride: 24 * 4, width: 24, height: 24 };
}

function pixel(pixels: Uint8Array, x: number, y: number): number[] {
  return [...pixels.subarray((y * 24 + x) * 4, (y * 24 + x) * 4 + 3)];
}

it("draws the pointer where it lies in the scaled picture, and leaves no trace of it", () => {
  const window = area();
  const overlay = new PointerOverlay();
  overlay.addShape(SHAPE, RGBA);
  overlay.move({ x: 10, y: 20, visible: true, shapeId: 7 });
  expect(overlay.paint(window, VIEWPORT, PICTURE)).toEqual([{ y: 12, height: 1 }]);
  expect(pixel(window.pixels, 9, 12)).toEqual([255, 0, 0]);
  expect(pixel(window.pixels, 8, 12)).toEqual([50, 114, 178]);
  expect(overlay.erase()).toEqual([{ y: 12, height: 1 }]);
  expect(window.pixels).toEqual(area().pixels);
  expect(overlay.erase()).toEqual([]);
});

it("draws nothing for a hidden pointer or a shape that it does not know", () => {
  const overlay = new PointerOverlay();
  overlay.addShape({ ...SHAPE, id: 8 }, RGBA.subarray(1));
  overlay.move({ x: 10, y: 20, visible: true, shapeId: 8 });
  expect(overlay.paint(area(), VIEWPORT, PICTURE)).toEqual([]);
  overlay.addShape(SHAPE, RGBA);
  overlay.move({ x: 10, y: 20, visible: false, shapeId: 7 });
  expect(overlay.paint(area(), VIEWPORT, PICTURE)).toEqual([]);
  overlay.move(undefined);
  expect(overlay.paint(area(), VIEWPORT, PICTURE)).toEqual([]);
});
