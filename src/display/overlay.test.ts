import { describe, expect, it } from "vitest";
import { drawOverlay } from "./overlay.js";

function surface(width: number, height: number): { pixels: Buffer; stride: number; width: number; height: number } {
  return { pixels: Buffer.alloc(width * height * 4, 7), stride: width * 4, width, height };
}

describe("drawOverlay", () => {
  it("draws only inside the rows it reports", () => {
    const area = surface(200, 100);
    const band = drawOverlay(area, ["30 fps", "2.1 ms"]);
    expect(band.y % 16).toBe(0);
    expect(band.height % 16).toBe(0);
    const untouched = (from: number, to: number): boolean =>
      area.pixels.subarray(from * area.stride, to * area.stride).every((byte) => byte === 7);
    expect(untouched(0, band.y)).toBe(true);
    expect(untouched(band.y, band.y + band.height)).toBe(false);
    expect(untouched(band.y + band.height, 100)).toBe(true);
  });

  it("draws text and panel in different colours", () => {
    const area = surface(200, 100);
    drawOverlay(area, ["###"]);
    const colors = new Set(area.pixels.filter((_, index) => index % 4 === 0));
    expect(colors).toEqual(new Set([7, 0x20, 0xff]));
  });

  it("stays inside a surface that is too small", () => {
    const area = surface(20, 20);
    expect(drawOverlay(area, ["a long line of text", "another", "and one more"])).toEqual({ y: 0, height: 20 });
  });

  it("draws nothing without lines", () => {
    const area = surface(20, 20);
    expect(drawOverlay(area, [])).toEqual({ y: 0, height: 0 });
    expect(area.pixels.every((byte) => byte === 7)).toBe(true);
  });
});
