import { expect, test } from "vitest";
import { sourceCandidates } from "./source-candidates.js";

test("a named source is the only candidate", () => {
  expect(sourceCandidates("camera:2", "linux", { DISPLAY: ":0" })).toEqual(["camera:2"]);
});

test.each([
  ["linux", { DISPLAY: ":0" }],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }],
  ["darwin", {}],
  ["win32", {}],
] as const)("with a display on %s the screen comes first", (platform, env) => {
  expect(sourceCandidates(undefined, platform, env)).toEqual(["screen", "camera", "test"]);
});

test("without a display the camera comes first, and the test pattern is the last resort", () => {
  expect(sourceCandidates(undefined, "linux", {})).toEqual(["camera", "test"]);
});
