import { linearScale, type Scale } from "./scale.js";
import { element, type Point, stairs, text } from "./svg.js";

/** Where everything stands. */
export const LAYOUT = { width: 1_000, left: 56, right: 984 } as const;

/** A line of the legend. */
export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  readonly shape: "area" | "line" | "dashes" | "dot";
}

/** A diagram over the time of a run. */
export interface Panel {
  readonly title: string;
  readonly top: number;
  readonly height: number;
  readonly time: Scale;
  readonly values: Scale;
  readonly legend: readonly LegendEntry[];
  /** What is drawn in it: markup. */
  readonly content: readonly string[];
}

const GRID = "#e4e4e4";
const FRAME = "#999";
const MUTED = "#555";
/** Room for a character of the legend. */
const CHARACTER_WIDTH = 6.9;
const LEGEND_GAP = 40;

/** The scale of the time, for all panels of a picture. */
export function timeScale(seconds: number): Scale {
  return linearScale({ from: 0, to: seconds, pixels: [LAYOUT.left, LAYOUT.right] }, 15);
}

/** Draws a panel with its title, legend, axis of values and grid. */
export function drawPanel({ title, top, height, time, values, legend, content }: Panel): string {
  const { left, right } = LAYOUT;
  const horizontal = values.ticks.map((tick) => values.at(tick));
  const vertical = time.ticks.map((tick) => time.at(tick));
  const grid = [
    ...horizontal.map((y) => `M${left} ${y.toFixed(1)}H${right}`),
    ...vertical.map((x) => `M${x.toFixed(1)} ${top}V${top + height}`),
  ].join("");
  return element("g", {}, [
    text(title, { x: left, y: top - 8, "font-weight": "bold" }),
    ...drawLegend(legend, top - 8),
    element("path", { d: grid, stroke: GRID, fill: "none" }),
    ...content,
    element("rect", { x: left, y: top, width: right - left, height, fill: "none", stroke: FRAME }),
    ...values.ticks.map((tick, i) =>
      text(label(tick), { x: left - 6, y: horizontal[i]! + 4, "text-anchor": "end", fill: MUTED }),
    ),
  ]);
}

/** The axis of the time, under the last panel. */
export function drawTimeAxis(time: Scale, bottom: number): string {
  const labels = time.ticks.map((tick, i) =>
    text(i === 0 ? "0 s" : label(tick), { x: time.at(tick), y: bottom + 16, "text-anchor": "middle", fill: MUTED }),
  );
  return element("g", {}, labels);
}

/** The area from a line of stairs down to `bottom`. */
export function area(points: readonly Point[], { bottom, color }: { bottom: number; color: string }): string {
  const [first] = points;
  if (first === undefined) return "";
  const d = `${stairs(points)}V${bottom}H${first.x.toFixed(1)}Z`;
  return element("path", { d, fill: color, "shape-rendering": "crispEdges" });
}

/** A line of stairs. */
export function line(points: readonly Point[], { color, dashes }: { color: string; dashes?: string }): string {
  const attributes = { d: stairs(points), fill: "none", stroke: color, "stroke-width": 1.5 };
  return element("path", { ...attributes, "stroke-dasharray": dashes });
}

function drawLegend(entries: readonly LegendEntry[], y: number): string[] {
  let right: number = LAYOUT.right;
  return entries.toReversed().map((entry) => {
    const x = right - entry.label.length * CHARACTER_WIDTH;
    right = x - LEGEND_GAP;
    return element("g", {}, [drawKey(entry, x - 20, y - 4), text(entry.label, { x, y, fill: MUTED })]);
  });
}

function drawKey({ shape, color }: LegendEntry, x: number, y: number): string {
  switch (shape) {
    case "area":
      return element("rect", { x, y: y - 5, width: 14, height: 10, fill: color });
    case "dot":
      return element("circle", { cx: x + 7, cy: y, r: 3, fill: color });
    default: {
      const dashes = shape === "dashes" ? "4 3" : undefined;
      return element("path", {
        d: `M${x.toFixed(1)} ${y}h14`,
        stroke: color,
        "stroke-width": 2,
        "stroke-dasharray": dashes,
      });
    }
  }
}

function label(tick: number): string {
  return String(Math.round(tick * 100) / 100);
}
