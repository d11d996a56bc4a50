import { expect, it } from "vitest";
import { JpegLadder } from "./jpeg-ladder.js";

/** Bytes of an imagined picture at a rung. */
function bytesAt(fullSize: number, { scale, quantizer }: JpegLadder["rung"]): number {
  return (fullSize * scale * scale * 2) / quantizer;
}

function settle(ladder: JpegLadder, fullSize: number, limit: number): number {
  for (let tries = 1; ; tries++) {
    const verdict = ladder.judge(bytesAt(fullSize, ladder.rung), limit);
    if (verdict !== "retry") return tries;
  }
}

it("gives up quality before size", () => {
  const ladder = new JpegLadder({ canShrink: true });
  settle(ladder, 400_000, 65_507);
  expect(ladder.rung.scale).toBe(1);
  settle(ladder, 4_000_000, 65_507);
  expect(ladder.rung.scale).toBeLessThan(1);
});

it("remembers what fitted, and climbs when there is room for a while", () => {
  const ladder = new JpegLadder({ canShrink: true });
  settle(ladder, 4_000_000, 65_507);
  expect(settle(ladder, 4_000_000, 65_507)).toBe(1);
  for (let frame = 0; frame < 400; frame++) settle(ladder, 10_000, 65_507);
  expect(ladder.rung).toEqual({ scale: 1, quantizer: 2 });
});

it("knows when nothing fits", () => {
  const ladder = new JpegLadder({ canShrink: false });
  let verdict = ladder.judge(1e6, 10);
  while (verdict === "retry") verdict = ladder.judge(1e6, 10);
  expect(verdict).toBe("hopeless");
  expect(ladder.rung.scale).toBe(1);
});
