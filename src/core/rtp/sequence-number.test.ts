import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNewer, SequenceUnwrapper, sequenceDelta, sequenceNumber } from "./sequence-number.js";

const anySequence = fc.integer({ min: 0, max: 0xffff }).map(sequenceNumber);

describe("sequenceNumber", () => {
  it("keeps the low 16 bits", () => {
    expect([0, 65_535, 65_536, 65_541, -1].map(sequenceNumber)).toEqual([0, 65_535, 0, 5, 65_535]);
  });
});

describe("sequenceDelta", () => {
  it.each([
    { from: 10, to: 13, delta: 3 },
    { from: 13, to: 10, delta: -3 },
    { from: 65_535, to: 0, delta: 1 },
    { from: 0, to: 65_535, delta: -1 },
    { from: 0, to: 32_767, delta: 32_767 },
    { from: 0, to: 32_768, delta: -32_768 },
  ])("is $delta from $from to $to", ({ from, to, delta }) => {
    expect(sequenceDelta(sequenceNumber(from), sequenceNumber(to))).toBe(delta);
  });

  it("leads from one to the other, and never calls both newer", () => {
    fc.assert(
      fc.property(anySequence, anySequence, (a, b) => {
        expect(sequenceNumber(a + sequenceDelta(a, b))).toBe(b);
        expect(isNewer(a, b) && isNewer(b, a)).toBe(false);
      }),
      { seed: 1, numRuns: 3_000 },
    );
  });
});

describe("SequenceUnwrapper", () => {
  const unwrapAll = (numbers: number[]): number[] => {
    const unwrapper = new SequenceUnwrapper();
    return numbers.map((n) => unwrapper.unwrap(sequenceNumber(n)));
  };

  it("counts on over the wrap", () => {
    expect(unwrapAll([65_534, 65_535, 0, 1])).toEqual([131_070, 131_071, 131_072, 131_073]);
  });

  it("places late packets before the wrap", () => {
    expect(unwrapAll([65_535, 1, 0, 65_534])).toEqual([131_071, 131_073, 131_072, 131_070]);
  });

  it("stays positive when packets from before the first arrive late", () => {
    expect(unwrapAll([0, 65_535])).toEqual([65_536, 65_535]);
  });

  it("gives back any walk of short steps", () => {
    const steps = fc.array(fc.integer({ min: -1_000, max: 3_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(anySequence, steps, (first, walk) => {
        const unwrapper = new SequenceUnwrapper();
        let position = unwrapper.unwrap(first);
        let highest = position;
        for (const step of walk) {
          position = Math.max(position + step, highest - 30_000);
          highest = Math.max(highest, position);
          expect(unwrapper.unwrap(sequenceNumber(position))).toBe(position);
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});
