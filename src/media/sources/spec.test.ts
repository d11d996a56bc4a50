import { describe, expect, it } from "vitest";
import { SightlineError } from "../../core/index.js";
import { parseSourceSpec } from "./spec.js";

describe("parseSourceSpec", () => {
  it.each([
    ["screen", { kind: "screen" }],
    ["screen:1", { kind: "screen", index: 1 }],
    ["screen:10,-20,640x480", { kind: "screen", region: { x: 10, y: -20, width: 640, height: 480 } }],
    ["window:Text: Editor", { kind: "window", title: "Text: Editor" }],
    ["camera", { kind: "camera" }],
    ["camera:/dev/video2", { kind: "camera", name: "/dev/video2" }],
    ["test", { kind: "test" }],
    ["./test", { kind: "file", url: "./test" }],
    ["test:1", { kind: "file", url: "test:1" }],
    ["talk.mp4", { kind: "file", url: "talk.mp4" }],
    ["rtsp://host:554/a", { kind: "file", url: "rtsp://host:554/a" }],
    ["C:\\talk.mp4", { kind: "file", url: "C:\\talk.mp4" }],
  ])("reads %s", (text, expected) => {
    expect(parseSourceSpec(text)).toEqual(expected);
  });

  it.each(["", "window", "window:", "screen:left", "screen:1,2", "screen:0,0,0x10"])("refuses %j", (text) => {
    expect(() => parseSourceSpec(text)).toThrow(SightlineError);
  });
});
