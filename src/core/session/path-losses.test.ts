import { expect, test } from "vitest";
import type { TransportFeedback } from "../rtcp/index.js";
import { sequenceNumber } from "../rtp/index.js";
import { later, micros, millis, seconds } from "../time.js";
import { PathLosses } from "./path-losses.js";

const START = seconds(1_700_000_000);
const NEWEST_SENT = sequenceNumber(1_000);

/** A message about packets from `base` on: `x` for one that did not come. */
function feedback(base: number, fates: string): TransportFeedback {
  return {
    kind: "transport-feedback",
    senderSsrc: 1,
    mediaSsrc: 2,
    baseSequenceNumber: sequenceNumber(base),
    feedbackCount: 0,
    referenceTime: micros(0),
    packets: [...fates].map((fate, i) => ({
      sequenceNumber: sequenceNumber(base + i),
      arrival: fate === "x" ? undefined : START,
    })),
  };
}

function observe(...messages: readonly (readonly [atMs: number, base: number, fates: string])[]) {
  const losses = new PathLosses();
  for (const [atMs, base, fates] of messages) {
    losses.onFeedback(later(START, millis(atMs)), feedback(base, fates), NEWEST_SENT);
  }
  return losses.take();
}

test("packets count once they have settled, across the wrap of their numbers", () => {
  expect(observe([0, 65_534, "..x.xx."], [50, 5, ".."])).toEqual({ packets: 0, lost: 0, lossRuns: 0 });
  expect(observe([0, 65_534, "..x.xx."], [100, 5, ".."])).toEqual({ packets: 7, lost: 3, lossRuns: 2 });
});

test("a packet that was overtaken is not lost", () => {
  expect(observe([0, 10, "..x."], [60, 12, "...."], [160, 16, "."])).toMatchObject({ packets: 6, lost: 0 });
});

test("of packets that a lost message told of nothing is known", () => {
  expect(observe([0, 10, "...."], [200, 30, "..x."], [300, 34, "."])).toEqual({ packets: 8, lost: 1, lossRuns: 1 });
});

test("a message that repeats or comes late counts nothing twice", () => {
  expect(observe([0, 10, "..x."], [100, 14, ".."], [110, 10, "..x."], [250, 16, "."])).toMatchObject({
    packets: 6,
    lost: 1,
  });
});

test("what is told of packets that were never sent is ignored, and what is told of them later counts", () => {
  const seen = observe([0, 1_001, "........"], [10, 20_000, "xxxx"], [20, 995, ".x..."], [200, 1_000, "."]);
  expect(seen).toMatchObject({ lost: 1 });
});
