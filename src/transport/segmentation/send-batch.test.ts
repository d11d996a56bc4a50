import { expect, test } from "vitest";
import { MAX_BATCH_BYTES, MAX_SEGMENTS } from "./segment-sender.js";
import { SendBatch } from "./send-batch.js";

/** The batches that datagrams of these sizes make; a size goes to the address that stands before it, or the last one. */
function batches(...datagrams: readonly (number | string)[]): number[][] {
  const flushed: number[][] = [];
  const batch = new SendBatch((batched) => flushed.push(batched.map(({ length }) => length)));
  let remote = "a";
  for (const each of datagrams) {
    if (typeof each === "string") remote = each;
    else batch.add(new Uint8Array(each), remote);
  }
  batch.flush();
  return flushed;
}

test.each([
  { name: "a frame", sizes: [1_200, 1_200, 300], expected: [[1_200, 1_200, 300]] },
  { name: "a short one ends a batch", sizes: [1_200, 300, 300], expected: [[1_200, 300], [300]] },
  { name: "a longer one begins another", sizes: [300, 1_200, 1_200], expected: [[300], [1_200, 1_200]] },
  { name: "another address begins another", sizes: [9, "b", 9, "a", 9], expected: [[9], [9], [9]] },
  { name: "nothing", sizes: [], expected: [] },
])("$name", ({ sizes, expected }) => {
  expect(batches(...sizes)).toEqual(expected);
});

test("no batch is larger than the system takes", () => {
  for (const size of [10, 1_200, 9_000]) {
    const flushed = batches(...Array.from({ length: 200 }, () => size));
    expect(flushed.flat()).toHaveLength(200);
    for (const batch of flushed) {
      expect(batch.length).toBeLessThanOrEqual(MAX_SEGMENTS);
      expect(batch.length * size).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    }
    expect(flushed.length).toBeLessThanOrEqual(200 / Math.min(MAX_SEGMENTS, Math.floor(MAX_BATCH_BYTES / size)) + 1);
  }
});
