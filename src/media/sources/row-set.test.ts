import { describe, expect, it } from "vitest";
import { RowSet } from "./row-set.js";

describe("RowSet", () => {
  it("widens rows to multiples of 16 and joins neighbours", () => {
    const set = new RowSet(100);
    set.add(17, 1);
    set.add(32, 16);
    expect(set.bands()).toEqual([{ y: 16, height: 32 }]);
  });

  it("ends the last band with the picture and leaves out rows beyond it", () => {
    const set = new RowSet(100);
    set.add(95, 50);
    set.add(-30, 20);
    expect(set.bands()).toEqual([{ y: 80, height: 20 }]);
  });

  it("joins bands across gaps only when asked to", () => {
    const set = new RowSet(100);
    set.add(0, 1);
    set.add(48, 1);
    expect(set.bands(1)).toHaveLength(2);
    expect(set.bands(2)).toEqual([{ y: 0, height: 64 }]);
  });

  it("knows how much it holds, and whether rows touch it", () => {
    const set = new RowSet(64);
    expect(set.isEmpty).toBe(true);
    set.add(20, 4);
    set.add(20, 4);
    expect(set.share).toBe(0.25);
    expect(set.touches(0, 16)).toBe(false);
    expect(set.touches(10, 7)).toBe(true);
    set.addAll();
    expect(set.share).toBe(1);
    set.clear();
    expect(set.isEmpty).toBe(true);
  });
});
