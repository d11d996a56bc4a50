import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyPicture, drawWords, solidPicture } from "../../test/support/pictures.js";
import { changedBands, joinChanges } from "./changed-bands.js";
import { Converter } from "./converter.js";

describe("changedBands", () => {
  const source = solidPicture(64, 100, 0x808080);
  const before = copyPicture(
    new Converter({ width: 64, height: 100, format: "yuv420p" }).convert(source, "all").picture,
  );

  it("finds nothing in equal pictures", () => {
    expect(changedBands(before, copyPicture(before))).toEqual([]);
  });

  it("finds luma and chroma changes, to the last short band", () => {
    const after = copyPicture(before);
    (after.planes[0] as Buffer)[20 * (after.strides[0] as number) + 1] = 0;
    (after.planes[2] as Buffer)[16 * (after.strides[2] as number) + 30] = 0;
    (after.planes[1] as Buffer)[49 * (after.strides[1] as number)] = 0;
    expect(changedBands(before, after)).toEqual([
      { y: 16, height: 32 },
      { y: 96, height: 4 },
    ]);
  });

  it("leaves out rows that nobody sees", () => {
    const after = copyPicture(before);
    (after.planes[0] as Buffer).fill(0);
    expect(changedBands(before, after, ({ y }) => y < 64)).toEqual([{ y: 64, height: 36 }]);
  });

  it("takes everything for changed without a comparable picture", () => {
    expect(changedBands(undefined, before)).toBe("all");
    expect(changedBands(solidPicture(64, 100, 0), before)).toBe("all");
    expect(changedBands(before, before)).toBe("all");
  });

  it("works on BGRX", () => {
    const after = copyPicture(source);
    drawWords(after, 1, 48, 16);
    expect(changedBands(source, after)).toEqual([{ y: 48, height: 16 }]);
  });
});

describe("joinChanges", () => {
  it("covers the rows of both and no others", () => {
    const band = fc.record({
      y: fc.nat(20).map((n) => n * 16),
      height: fc.integer({ min: 1, max: 5 }).map((n) => n * 16),
    });
    const rowsOf = (bands: readonly { y: number; height: number }[]): Set<number> =>
      new Set(bands.flatMap(({ y, height }) => Array.from({ length: height }, (_, i) => y + i)));
    fc.assert(
      fc.property(fc.array(band), fc.array(band), (a, b) => {
        const joined = joinChanges(a, b);
        if (joined === "all") throw new Error("more than was given");
        expect(rowsOf(joined)).toEqual(rowsOf([...a, ...b]));
        expect(joined.length).toBe(new Set(joined.map(({ y }) => y)).size);
      }),
      { seed: 1 },
    );
    expect(joinChanges("all", [])).toBe("all");
  });
});
