import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinAnnexB, splitAnnexB } from "./annex-b.js";

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("splitAnnexB", () => {
  it("takes start codes of 3 and 4 bytes", () => {
    const data = bytes(0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 1, 0x65, 4);
    expect(splitAnnexB(data)).toEqual([bytes(0x67, 1, 2), bytes(0x68, 3), bytes(0x65, 4)]);
  });

  it("skips leading bytes and trailing zeros", () => {
    const data = bytes(9, 9, 0, 0, 1, 0x41, 7, 0, 0, 0, 0, 0, 1, 0x41, 8, 0, 0);
    expect(splitAnnexB(data)).toEqual([bytes(0x41, 7), bytes(0x41, 8)]);
  });

  it("leaves out empty NAL units", () => {
    expect(splitAnnexB(bytes(0, 0, 1, 0, 0, 1, 0x41, 0, 0, 1))).toEqual([bytes(0x41)]);
  });

  it("finds nothing without a start code", () => {
    expect(splitAnnexB(bytes())).toEqual([]);
    expect(splitAnnexB(bytes(0, 1))).toEqual([]);
    expect(splitAnnexB(bytes(1, 0, 0, 2, 0, 0))).toEqual([]);
  });

  it("keeps emulation prevention bytes as they are", () => {
    const nal = bytes(0x65, 0, 0, 3, 1, 0, 0, 3);
    expect(splitAnnexB(joinAnnexB([nal]))).toEqual([nal]);
  });

  it("returns views", () => {
    const data = bytes(0, 0, 1, 0x41, 7);
    expect(splitAnnexB(data)[0]!.buffer).toBe(data.buffer);
  });

  it("finds the same start codes as a search byte by byte", () => {
    const fewValues = fc.uint8Array({ max: 3, maxLength: 200 });
    fc.assert(
      fc.property(fewValues, (data) => {
        expect(splitAnnexB(data)).toEqual(splitSlowly(data));
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

/** The definition, written down without thought for speed. */
function splitSlowly(data: Uint8Array): Uint8Array[] {
  const text = String.fromCharCode(...data);
  return text
    .split("\0\0\x01")
    .slice(1)
    .map((nal) => nal.replace(/\0+$/, ""))
    .filter((nal) => nal.length > 0)
    .map((nal) => Uint8Array.from(nal, (character) => character.charCodeAt(0)));
}
