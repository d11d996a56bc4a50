import { elapsed, type Micros } from "sightline/core";
import { quantile } from "../report/quantile.js";
import type { TimelineBin } from "../report/timeline.js";
import type { ScenarioReport } from "../run-scenario.js";
import { area, drawPanel, drawTimeAxis, LAYOUT, type LegendEntry, line, type Panel, timeScale } from "./panel.js";
import { linearScale, logScale, niceStep, type Scale } from "./scale.js";
import { dots, element, type Point, svgDocument, text } from "./svg.js";

/** What is drawn, and what is written above it. */
export interface Drawing {
  readonly title: string;
  readonly subtitles: readonly string[];
  readonly report: ScenarioReport;
  /** When the run started: 0 on the axis of time. */
  readonly start: Micros;
}

/** Told apart by people who see colours in another way, too (Okabe and Ito 2008). */
const COLOR = {
  capacity: "#d9d9d9",
  media: "#56b4e9",
  retransmission: "#e69f00",
  protection: "#009e73",
  others: "#cc79a7",
  target: "#000000",
  queue: "#8c6bb1",
  lost: "#d55e00",
  overflowed: "#0072b2",
  frame: "#0072b2",
  missed: "#d55e00",
  frozen: "#fbd9c8",
} as const;

const HEADER_HEIGHT = 40;
const LINE_HEIGHT = 16;
const PANEL_GAP = 44;
const FOOT = 26;
/** The axis of bitrates ends at this quantile of the capacity, or at what was sent if that is more. */
const CAPACITY_QUANTILE = 0.95;
/** A path that carries so many times what is sent is not shown to its full height. */
const MOST_HEADROOM = 4;
const LEAST_DELAY_MS = 5;

type PanelPart = Omit<Panel, "top" | "time" | "values"> & { readonly values: Scale };
type Place = { readonly time: Scale; readonly top: number };

/** Draws a run: bitrates, queue, loss and frame delay over the same axis of time, as an SVG document. */
export function drawRun({ title, subtitles, report, start }: Drawing): string {
  const { timeline } = report;
  const seconds = (timeline.at(-1)?.atSeconds ?? 0) + 0.1;
  const time = timeScale(seconds);
  const hasBottleneck = timeline.some(({ capacityBps }) => Number.isFinite(capacityBps));
  const painters = [
    (place: Place) => bitratePanel(timeline, place),
    ...(hasBottleneck ? [(place: Place) => queuePanel(timeline, place)] : []),
    (place: Place) => lossPanel(timeline, place),
    (place: Place) => delayPanel(report, start, place),
  ];
  let top = HEADER_HEIGHT + subtitles.length * LINE_HEIGHT + PANEL_GAP / 2;
  const panels = painters.map((paint) => {
    const part = paint({ time, top });
    const panel = drawPanel({ ...part, top, time });
    top += part.height + PANEL_GAP;
    return panel;
  });
  const bottom = top - PANEL_GAP;
  return svgDocument({ width: LAYOUT.width, height: bottom + FOOT, title }, [
    text(title, { x: LAYOUT.left, y: 26, "font-size": 17, "font-weight": "bold" }),
    ...subtitles.map((subtitle, i) => text(subtitle, { x: LAYOUT.left, y: HEADER_HEIGHT + 6 + i * LINE_HEIGHT })),
    ...panels,
    drawTimeAxis(time, bottom),
  ]);
}

function bitratePanel(timeline: readonly TimelineBin[], { time, top }: Place): PanelPart {
  const height = 220;
  const capacities = timeline.map(({ capacityBps }) => capacityBps).filter(Number.isFinite);
  const mostSent = most(timeline.map((bin) => ownBps(bin) + bin.crossTrafficBps));
  const mostCapacity = Math.min(quantile([0, ...capacities], CAPACITY_QUANTILE), MOST_HEADROOM * mostSent);
  const values = upTo(Math.max(mostSent, mostCapacity) / 1e6, { top, height, ticks: 5 });
  const points = (value: (bin: TimelineBin) => number | undefined) =>
    pointsOf(timeline, { time, values, value: (bin) => (value(bin) ?? 0) / 1e6 });
  const bottom = top + height;
  const media = ({ sentBps }: TimelineBin) => sentBps.media + sentBps.control;
  const unprotected = (bin: TimelineBin) => ownBps(bin) - bin.sentBps.protection;
  const hasProtection = timeline.some(({ sentBps }) => sentBps.protection > 0);
  const hasOthers = timeline.some(({ crossTrafficBps }) => crossTrafficBps > 0);
  const hasCapacity = capacities.length > 0;
  return {
    title: "Bitrate, Mb/s",
    height,
    values,
    legend: [
      ...when(hasCapacity, { label: "capacity", color: COLOR.capacity, shape: "area" }),
      { label: "media", color: COLOR.media, shape: "area" },
      { label: "retransmissions", color: COLOR.retransmission, shape: "area" },
      ...when(hasProtection, { label: "protection", color: COLOR.protection, shape: "area" }),
      ...when(hasOthers, { label: "others", color: COLOR.others, shape: "area" }),
      { label: "target", color: COLOR.target, shape: "dashes" },
    ],
    content: [
      ...(hasCapacity
        ? [
            area(
              points(({ capacityBps }) => capacityBps),
              { bottom, color: COLOR.capacity },
            ),
          ]
        : []),
      ...(hasOthers
        ? [
            area(
              points((bin) => ownBps(bin) + bin.crossTrafficBps),
              { bottom, color: COLOR.others },
            ),
          ]
        : []),
      area(points(ownBps), { bottom, color: COLOR.protection }),
      area(points(unprotected), { bottom, color: COLOR.retransmission }),
      area(points(media), { bottom, color: COLOR.media }),
      line(
        points(({ targetBps }) => targetBps),
        { color: COLOR.target, dashes: "5 4" },
      ),
    ],
  };
}

function queuePanel(timeline: readonly TimelineBin[], { time, top }: Place): PanelPart {
  const height = 90;
  const values = upTo(Math.max(most(timeline.map(({ queueDelayMs }) => queueDelayMs)), 10), { top, height, ticks: 3 });
  const points = pointsOf(timeline, { time, values, value: ({ queueDelayMs }) => queueDelayMs });
  return {
    title: "Wait in the bottleneck's queue, ms",
    height,
    values,
    legend: [],
    content: [area(points, { bottom: top + height, color: COLOR.queue })],
  };
}

function lossPanel(timeline: readonly TimelineBin[], { time, top }: Place): PanelPart {
  const height = 90;
  const part = (count: number, { packets }: TimelineBin) => (100 * count) / Math.max(packets, 1);
  const all = (bin: TimelineBin) => part(bin.lost + bin.overflowed, bin);
  const values = upTo(Math.max(most(timeline.map(all)), 2), { top, height, ticks: 3 });
  const stack = (value: (bin: TimelineBin) => number, color: string) =>
    area(pointsOf(timeline, { time, values, value }), { bottom: top + height, color });
  return {
    title: "Packets lost, %",
    height,
    values,
    legend: [
      { label: "on the way", color: COLOR.lost, shape: "area" },
      { label: "queue full", color: COLOR.overflowed, shape: "area" },
    ],
    content: [stack(all, COLOR.overflowed), stack((bin) => part(bin.lost, bin), COLOR.lost)],
  };
}

function delayPanel({ frames, frozen }: ScenarioReport, start: Micros, { time, top }: Place): PanelPart {
  const height = 220;
  const delays = frames.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs]));
  const to = niceStep(Math.max(most(delays), 4 * LEAST_DELAY_MS) * 1.01);
  const from = Math.min(LEAST_DELAY_MS, ...delays);
  const values = logScale({ from: Math.max(from, 0.5), to, pixels: [top + height, top + 12] });
  const x = (at: Micros) => time.at(elapsed(start, at) / 1_000_000);
  const shown = frames.flatMap(({ captureTime, delayMs }) =>
    delayMs === undefined ? [] : [{ x: x(captureTime), y: values.at(delayMs) }],
  );
  const missed = frames.flatMap(({ captureTime, delayMs }) =>
    delayMs === undefined ? [{ x: x(captureTime), y: top + 5 }] : [],
  );
  const stroke = { fill: "none", "stroke-linecap": "round", "stroke-width": 3.2 };
  return {
    title: "Frame delay, from capture to complete at the viewer, ms",
    height,
    values,
    legend: [
      { label: "frame", color: COLOR.frame, shape: "dot" },
      { label: "never shown", color: COLOR.missed, shape: "dot" },
      { label: "picture frozen", color: COLOR.frozen, shape: "area" },
    ],
    content: [
      ...frozen.map(({ from: at, durationMs }) =>
        element("rect", {
          x: x(at),
          y: top,
          width: Math.max(time.at(durationMs / 1_000) - time.at(0), 1),
          height,
          fill: COLOR.frozen,
        }),
      ),
      element("path", { d: dots(shown), stroke: COLOR.frame, ...stroke }),
      element("path", { d: dots(missed), stroke: COLOR.missed, ...stroke }),
    ],
  };
}

/** The line of a value over the bins, with the end of the last one. */
function pointsOf(
  timeline: readonly TimelineBin[],
  { time, values, value }: { time: Scale; values: Scale; value: (bin: TimelineBin) => number },
): Point[] {
  const points = timeline.map((bin) => ({ x: time.at(bin.atSeconds), y: values.at(value(bin)) }));
  const last = points.at(-1);
  return last === undefined ? [] : [...points, { x: LAYOUT.right, y: last.y }];
}

function upTo(value: number, { top, height, ticks }: { top: number; height: number; ticks: number }): Scale {
  return linearScale({ from: 0, to: value * 1.05, pixels: [top + height, top] }, ticks);
}

function ownBps({ sentBps }: TimelineBin): number {
  return sentBps.media + sentBps.control + sentBps.retransmission + sentBps.protection;
}

function most(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0);
}

function when(condition: boolean, entry: LegendEntry): readonly LegendEntry[] {
  return condition ? [entry] : [];
}
