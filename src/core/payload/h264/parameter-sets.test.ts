import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinAnnexB } from "./annex-b.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import {
  findParameterSets,
  profileLevelId,
  readSpropParameterSets,
  writeSpropParameterSets,
} from "./parameter-sets.js";
import { parseSequenceParameterSet } from "./sequence-parameter-set.js";

// x264, 1280x720, constrained baseline, level 3.1.
const SPROP = "Z0LAH9oBQBbsBEAAAAMAQAAADyPGDKg=,aM4PyA==";
const SPS = decodeBase64("Z0LAH9oBQBbsBEAAAAMAQAAADyPGDKg=")!;
const PPS = decodeBase64("aM4PyA==")!;

describe("parameter sets", () => {
  it("are found in a keyframe", () => {
    const idr = Uint8Array.of(0x65, 0x88, 1);
    expect(findParameterSets(joinAnnexB([SPS, PPS, idr]))).toEqual({ sequence: [SPS], picture: [PPS] });
    expect(findParameterSets(joinAnnexB([SPS, idr]))).toBeUndefined();
  });

  it("are written to SDP and read back", () => {
    expect(writeSpropParameterSets({ sequence: [SPS], picture: [PPS] })).toBe(SPROP);
    expect(readSpropParameterSets(SPROP)).toEqual({ sequence: [SPS], picture: [PPS] });
    expect(readSpropParameterSets(`${SPROP},`)).toEqual({ sequence: [SPS], picture: [PPS] });
  });

  it("are refused when they are not base64 or not complete", () => {
    expect(readSpropParameterSets("%%%%,aM4PyA==")).toBeUndefined();
    expect(readSpropParameterSets("aM4PyA==")).toBeUndefined();
    expect(readSpropParameterSets("")).toBeUndefined();
  });

  it("give the profile and level", () => {
    expect(profileLevelId(SPS)).toBe("42c01f");
    expect(() => profileLevelId(SPS.subarray(0, 3))).toThrow(expect.objectContaining({ code: "invalid-data" }));
  });
});

describe("parseSequenceParameterSet", () => {
  it("reads a baseline stream", () => {
    expect(parseSequenceParameterSet(SPS)).toEqual({ profileIdc: 66, levelIdc: 31, width: 1_280, height: 720 });
  });

  // All written by x264.
  it.each([
    ["cropped 4:2:0", "Z2QAKKzZQHgCJ+XARAAAAwAEAAADAPA8YMZY", 1_920, 1_080],
    ["cropped 4:2:2", "Z3oAHrzZQKQv4ifARAAAAwAEAAADAPA8WLZY", 642, 362],
    ["cropped 4:4:4", "Z/QAIJGbKArAw8X4CIAAAAMAgAAAHgeMGMs=", 1_366, 768],
    ["grey", "Z2QADfNlBUIePj8BbIAAAAMAgAAAHgeKFMs=", 322, 242],
    ["interlaced video", "Z2QAKKzZQHgET94CIAAAAwAgAAAHg+LFssA=", 1_920, 1_080],
  ])("reads %s", (_, base64, width, height) => {
    expect(parseSequenceParameterSet(decodeBase64(base64)!)).toMatchObject({ width, height });
  });

  it("skips scaling lists and the cycle of picture order", () => {
    // Written by hand: lists of 16 and 64 (cut short by a zero) values, pic_order_cnt_type 1 with two offsets.
    const sps = decodeBase64("Z2QAH62kkkkkkklCISEIHVDkaaAoC/5U")!;
    expect(parseSequenceParameterSet(sps)).toEqual({ profileIdc: 100, levelIdc: 31, width: 640, height: 360 });
  });

  it("refuses what is cut short or something else", () => {
    expect(parseSequenceParameterSet(SPS.subarray(0, 6))).toBeUndefined();
    expect(parseSequenceParameterSet(PPS)).toBeUndefined();
    expect(parseSequenceParameterSet(new Uint8Array())).toBeUndefined();
  });

  it("never throws, and gives no absurd size", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (data) => {
        const sps = parseSequenceParameterSet(Uint8Array.of(0x67, ...data));
        if (sps === undefined) return;
        expect(sps.width).toBeGreaterThan(0);
        expect(sps.width).toBeLessThanOrEqual(16_880);
        expect(sps.height).toBeLessThanOrEqual(16_880);
      }),
      { seed: 4, numRuns: 2_000 },
    );
  });
});

describe("base64", () => {
  it("agrees with the platform's", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
        const text = Buffer.from(data).toString("base64");
        expect(encodeBase64(data)).toBe(text);
        expect(decodeBase64(text)).toEqual(data);
        expect(decodeBase64(text.replaceAll("=", ""))).toEqual(data);
      }),
      { seed: 5 },
    );
  });

  it("refuses other text", () => {
    expect(decodeBase64("A")).toBeUndefined();
    expect(decodeBase64("AB=C")).toBeUndefined();
    expect(decodeBase64("AB C")).toBeUndefined();
  });
});
