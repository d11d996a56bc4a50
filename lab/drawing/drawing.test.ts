import { describe, expect, test } from "vitest";
import { runScenario, START } from "../run-scenario.js";
import { CATALOGUE } from "../scenarios/catalogue.js";
import { drawRun } from "./draw-run.js";
import { linearScale, logScale, niceStep } from "./scale.js";
import { element, stairs, text } from "./svg.js";

/** A short document may say all that a picture has to. */
const MOST_BYTES = 60_000;

describe("scales", () => {
  test("linear ticks are round numbers within the axis", () => {
    const scale = linearScale({ from: 0, to: 23, pixels: [100, 0] }, 5);
    expect(scale.ticks).toEqual([0, 5, 10, 15, 20]);
    expect([scale.at(0), scale.at(11.5), scale.at(23), scale.at(99)]).toEqual([100, 50, 0, 0]);
  });

  test("logarithmic ticks are 1, 2 and 5 times powers of ten", () => {
    const scale = logScale({ from: 5, to: 500, pixels: [0, 100] });
    expect(scale.ticks).toEqual([5, 10, 20, 50, 100, 200, 500]);
    expect(scale.at(50)).toBeCloseTo(50, 6);
    expect(scale.at(0)).toBe(0);
  });

  test.each([
    [0.03, 0.05],
    [1, 1],
    [11, 20],
    [600, 1_000],
  ])("the nice step for %d is %d", (value, step) => {
    expect(niceStep(value)).toBeCloseTo(step, 9);
  });
});

describe("markup", () => {
  test("texts and attributes are escaped, absent attributes left out", () => {
    expect(text('a < b & "c"', { x: 1.234, title: '"', fill: undefined })).toBe(
      '<text x="1.2" title="&quot;">a &lt; b &amp; &quot;c&quot;</text>',
    );
    expect(element("g", {})).toBe("<g/>");
  });

  test("stairs keep their height until the next point and skip what changes nothing", () => {
    const points = [0, 10, 20, 30].map((x, i) => ({ x, y: [5, 5, 8, 8][i]! }));
    expect(stairs(points)).toBe("M0 5H20V8H30");
    expect(stairs([])).toBe("");
  });
});

test.each(CATALOGUE)("$key is drawn: small, well-formed, each number finite", ({ key, scenario }) => {
  const report = runScenario({ ...scenario, durationMs: 3_000 });
  const drawing = drawRun({ title: key, subtitles: ["<one>"], report, start: START });
  expect(drawing.length).toBeLessThan(MOST_BYTES);
  expect(drawing).not.toMatch(/NaN|Infinity|undefined/);
  expect(drawing).toContain("&lt;one&gt;");
  expect(openElements(drawing)).toEqual([]);
});

/** The elements that were opened and not closed in turn. */
function openElements(markup: string): string[] {
  const open: string[] = [];
  for (const [, closing, name, empty] of markup.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/gi)) {
    if (closing) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name!);
  }
  return open;
}
