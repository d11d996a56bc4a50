import { expect, test } from "vitest";
import { later, millis, NEVER, seconds } from "../time.js";
import { Prober } from "./prober.js";

const START = seconds(1_000);
const REQUEST = { id: 1, rateBps: 9.6e6, bytes: 12_000 };
const PACKET = 1_200;

test("without a probe nothing is padded", () => {
  const prober = new Prober();
  prober.follow(START, undefined);
  expect(prober.paddingDue(START)).toBe(0);
  expect(prober.nextTimeout(START)).toBe(NEVER);
  expect(prober.onSent(PACKET)).toBeUndefined();
});

test("padding keeps to the rate, and packets belong to the probe until it is done", () => {
  const prober = new Prober();
  prober.follow(START, REQUEST);
  const ids: (number | undefined)[] = [];
  for (let ms = 0; ms < 20; ms++) {
    const now = later(START, millis(ms));
    for (let due = prober.paddingDue(now); due > 0; due = prober.paddingDue(now)) ids.push(prober.onSent(PACKET));
    // 1,200 bytes a millisecond.
    expect(ids.length).toBe(Math.min(ms + 1, 10));
  }
  expect(new Set(ids)).toEqual(new Set([1]));
  expect(prober.onSent(PACKET)).toBeUndefined();
  expect(prober.rateBps).toBe(0);
});

test("media take the place of padding", () => {
  const prober = new Prober();
  prober.follow(START, REQUEST);
  for (let i = 0; i < 9; i++) expect(prober.onSent(PACKET)).toBe(1);
  expect(prober.paddingDue(later(START, millis(3)))).toBe(0);
  expect(prober.paddingDue(later(START, millis(12)))).toBe(PACKET);
});

test("a probe is carried out once, and given up if it cannot be", () => {
  const prober = new Prober();
  prober.follow(START, REQUEST);
  expect(prober.paddingDue(later(START, millis(600)))).toBe(0);
  prober.follow(later(START, millis(601)), REQUEST);
  expect(prober.rateBps).toBe(0);
  prober.follow(later(START, millis(602)), { ...REQUEST, id: 2 });
  expect(prober.rateBps).toBe(REQUEST.rateBps);
});
