import { describe, expect, it } from "vitest";
import { encodedSize, smallerBounds } from "./encoded-size.js";

describe("encodedSize", () => {
  it.each([
    [{ width: 1920, height: 1080 }, undefined, { width: 1920, height: 1080 }],
    [{ width: 1367, height: 769 }, undefined, { width: 1366, height: 768 }],
    [
      { width: 1920, height: 1080 },
      { width: 1280, height: 720 },
      { width: 1280, height: 720 },
    ],
    [
      { width: 1920, height: 1200 },
      { width: 1280, height: 720 },
      { width: 1152, height: 720 },
    ],
    [
      { width: 640, height: 480 },
      { width: 1280, height: 720 },
      { width: 640, height: 480 },
    ],
    [
      { width: 3840, height: 2160 },
      { width: 2040, height: 2040 },
      { width: 2040, height: 1146 },
    ],
    [
      { width: 1, height: 900 },
      { width: 100, height: 100 },
      { width: 2, height: 100 },
    ],
  ])("fits %o into %o", (picture, bounds, expected) => {
    expect(encodedSize(picture, bounds)).toEqual(expected);
  });
});

describe("smallerBounds", () => {
  it("holds each side to the tighter bound", () => {
    expect(smallerBounds({ width: 10, height: 90 }, { width: 20, height: 30 })).toEqual({ width: 10, height: 30 });
    expect(smallerBounds(undefined, { width: 20, height: 30 })).toEqual({ width: 20, height: 30 });
    expect(smallerBounds(undefined, undefined)).toBeUndefined();
  });
});
