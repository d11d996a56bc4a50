import { expect, test } from "vitest";
import { sequenceNumber } from "../rtp/index.js";
import { SequenceGate } from "./sequence-gate.js";

function admitAll(gate: SequenceGate, sequences: readonly number[]): string[] {
  return sequences.map((sequence) => gate.admit(sequenceNumber(sequence)));
}

test("loss, reordering and the wrap are accepted", () => {
  const gate = new SequenceGate();
  expect(admitAll(gate, [65_530, 65_535, 65_532, 3, 0, 400, 399])).toEqual(Array(7).fill("accept"));
});

test("a number that fits nothing is held and changes nothing", () => {
  const gate = new SequenceGate();
  admitAll(gate, [100, 101]);
  expect(admitAll(gate, [30_000, 102, 45_000, 103, 45_002, 104])).toEqual([
    "hold",
    "accept",
    "hold",
    "accept",
    "hold",
    "accept",
  ]);
});

test("two in sequence far away are a new start, forwards or back", () => {
  const gate = new SequenceGate();
  admitAll(gate, [10_000, 10_001]);
  expect(admitAll(gate, [20_000, 20_001, 20_002])).toEqual(["hold", "restart", "accept"]);
  expect(admitAll(gate, [5, 6, 7])).toEqual(["hold", "restart", "accept"]);
});

test("the first packet of the largest frame may be repaired when the frame after it has come", () => {
  const gate = new SequenceGate();
  admitAll(gate, [10_000, 11_000, 12_000]);
  expect(gate.isNear(sequenceNumber(10_001))).toBe(true);
});
