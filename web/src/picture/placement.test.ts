import { expect, test } from "vitest";
import { placePicture } from "./placement.js";

const FULL_HD = { width: 1920, height: 1080 };

test("fit mode enlarges and reduces, and centres", () => {
  const enlarged = placePicture({ width: 640, height: 480 }, { width: 1280, height: 600 }, 1, "fit");
  expect(enlarged).toEqual({ left: 240, top: 0, width: 800, height: 600, scale: 1.25 });
  expect(placePicture(FULL_HD, { width: 960, height: 600 }, 1, "fit")).toMatchObject({
    top: 30,
    width: 960,
    height: 540,
  });
});

test.each([
  [1919, 1079],
  [1920, 1080],
  [1924, 1200],
  [2400, 1075],
])("a window of %i x %i shows 1920 x 1080 pixel by pixel", (width, height) => {
  const placement = placePicture(FULL_HD, { width, height }, 1, "fit");
  expect(placement).toMatchObject({ ...FULL_HD, scale: 1 });
  expect(placement.left).toBe(Math.max(0, Math.floor((width - 1920) / 2)));
});

test("counts the screen's pixels, not the page's", () => {
  expect(placePicture(FULL_HD, { width: 960, height: 540 }, 2, "fit").scale).toBe(1);
  expect(placePicture(FULL_HD, { width: 1280, height: 720 }, 1.5, "fit").scale).toBe(1);
  const placed = placePicture({ width: 101, height: 101 }, { width: 201, height: 201 }, 2, "pixels");
  expect([placed.left * 2, placed.width * 2]).toEqual([150, 101]);
});

test("pixel mode starts at the corner where the picture is larger", () => {
  const placement = placePicture(FULL_HD, { width: 800, height: 1200 }, 1, "pixels");
  expect(placement).toEqual({ left: 0, top: 60, ...FULL_HD, scale: 1 });
});
