import { describe, expect, it } from "vitest";
import { findCamera, nearestMode } from "./devices.js";

const CAMERAS = [
  { device: "/dev/video0", name: "Built-in Camera" },
  { device: "/dev/video2", name: "HD Webcam C270" },
];

describe("findCamera", () => {
  it.each([
    [undefined, 0],
    ["0", 0],
    ["1", 1],
    ["/dev/video2", 1],
    ["hd webcam", 1],
    ["Built-in Camera", 0],
  ])("finds %s", (wanted, index) => {
    expect(findCamera(CAMERAS, wanted)).toBe(CAMERAS[index]);
  });

  it("names the cameras that exist", () => {
    expect(() => findCamera(CAMERAS, "2")).toThrow("Built-in Camera, HD Webcam C270");
    expect(() => findCamera([], undefined)).toThrow("no camera was found");
  });
});

describe("nearestMode", () => {
  const modes = [
    { width: 640, height: 480, maxFps: 30 },
    { width: 1280, height: 720, maxFps: 10 },
    { width: 1280, height: 720, maxFps: 30 },
    { width: 1920, height: 1080, maxFps: 5 },
  ];

  it("prefers the size, then the rate", () => {
    expect(nearestMode(modes, { width: 1280, height: 720, fps: 30 })).toBe(modes[2]);
    expect(nearestMode(modes, { width: 600, height: 450, fps: 30 })).toBe(modes[0]);
    expect(nearestMode(modes, { width: 1920, height: 1080, fps: 5 })).toBe(modes[3]);
    expect(nearestMode(modes, { width: 1920, height: 1080, fps: 30 })).toBe(modes[2]);
    expect(nearestMode([], { width: 1, height: 1, fps: 1 })).toBeUndefined();
  });
});
