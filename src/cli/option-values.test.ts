import { describe, expect, it } from "vitest";
import { SightlineError } from "../core/index.js";
import { collect, parseBitrate, parseSize, wholeNumber } from "./option-values.js";

describe("parseBitrate", () => {
  it.each([
    ["800k", 800_000],
    ["8M", 8_000_000],
    ["1.5m", 1_500_000],
    ["1G", 1_000_000_000],
    ["2500000", 2_500_000],
  ])("reads %s", (text, expected) => {
    expect(parseBitrate(text)).toBe(expected);
  });

  it.each(["", "fast", "8 Mb/s", "-8M", "8MM", "1e6", "0x10"])("refuses %j", (text) => {
    expect(() => parseBitrate(text)).toThrow(/is not a bitrate/);
  });

  it("takes a forgotten unit for a mistake", () => {
    expect(() => parseBitrate("8")).toThrow(/too low/);
  });
});

describe("parseSize", () => {
  it("reads width and height", () => {
    expect(parseSize("1280x720")).toEqual({ width: 1280, height: 720 });
    expect(parseSize("640X480")).toEqual({ width: 640, height: 480 });
  });

  it.each(["", "1280", "1280x", "1280x720x3", "-1x5", "12.5x10"])("refuses %j", (text) => {
    expect(() => parseSize(text)).toThrow(/is not a size/);
  });

  it.each(["0x0", "8x720", "1280x9000"])("refuses %s, which no encoder takes", (text) => {
    expect(() => parseSize(text)).toThrow(/16 to 8192/);
  });
});

describe("wholeNumber", () => {
  const parse = wholeNumber("a frame rate", { min: 1, max: 240 });

  it("reads numbers within the limits", () => {
    expect([parse("1"), parse("240")]).toEqual([1, 240]);
  });

  it.each(["0", "241", "29.97", "abc", "", " "])("refuses %j", (text) => {
    expect(() => parse(text)).toThrow(SightlineError);
  });
});

it("collects repeated options in order", () => {
  expect(collect("b", collect("a", undefined))).toEqual(["a", "b"]);
});
