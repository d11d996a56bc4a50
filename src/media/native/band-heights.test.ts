import fc from "fast-check";
import { expect, it } from "vitest";
import { cutBands } from "./band-heights.js";

it("covers each band exactly, in pieces of few heights", () => {
  const band = fc.record({ y: fc.nat(100).map((n) => n * 16), height: fc.integer({ min: 1, max: 1_200 }) });
  fc.assert(
    fc.property(band, ({ y, height }) => {
      const pieces = cutBands([{ y, height }]);
      let next = y;
      for (const piece of pieces) {
        expect(piece.y).toBe(next);
        next += piece.height;
      }
      expect(next).toBe(y + height);
      const heights = pieces.map((piece) => piece.height);
      expect(heights.slice(0, -1).every((rows) => [16, 32, 64, 128, 256].includes(rows))).toBe(true);
    }),
    { seed: 2 },
  );
});
