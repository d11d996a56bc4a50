import { expect, test } from "vitest";
import { Reception } from "./reception.js";

const START = 0x1_0000 + 65_530;

test("nothing received reports nothing", () => {
  expect(new Reception().report()).toEqual({ fractionLost: 0, packetsLost: 0, highestSequence: 0 });
});

test("loss is counted per report and in all", () => {
  const reception = new Reception();
  for (let i = 0; i < 100; i++) if (i % 4 !== 1) reception.add(START + i);
  expect(reception.report()).toEqual({ fractionLost: 0.25, packetsLost: 25, highestSequence: START + 99 });
  for (let i = 100; i < 200; i++) reception.add(START + i);
  expect(reception.report()).toEqual({ fractionLost: 0, packetsLost: 25, highestSequence: START + 199 });
  expect(reception.packetsReceived).toBe(175);
  expect(reception.packetsLost).toBe(25);
});

test("reordered packets are no loss and duplicates make it negative", () => {
  const reception = new Reception();
  for (const i of [0, 2, 1, 3, 3, 3]) reception.add(START + i);
  expect(reception.report()).toMatchObject({ fractionLost: 0, packetsLost: -2 });
  expect(reception.packetsLost).toBe(0);
});

test("a fraction fits its eight bits even if all was lost", () => {
  const reception = new Reception();
  reception.add(START);
  reception.report();
  reception.add(START + 20_000);
  expect(reception.report()).toMatchObject({ fractionLost: 255 / 256, packetsLost: 19_999 });
});
