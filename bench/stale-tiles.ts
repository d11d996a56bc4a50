/**
 * Whether a viewer ever sees a tile that is no longer there: tiles change at random for a minute, and what a second display shows
 * of them is compared with what the source showed when the frame on the screen was captured.
 *
 *     node dist/bench/stale-tiles.js [window|page] [--seconds 60]
 *       [--host ADDRESS --sender ADDRESS --send-within "ip netns exec a" --view-within "ip netns exec b"]
 *
 * Needs Xvfb; `page` needs Chromium.
 */

import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { SeededRng, uniform } from "sightline/core";
import { startBrowser, startDisplay, startSightline } from "./screens/desktop.js";
import { StaleWatch } from "./screens/stale-watch.js";
import { NUMBERS } from "./screens/tile-code.js";
import { TileReader } from "./screens/tile-reader.js";
import { TileWall } from "./screens/tile-wall.js";

const SIZE = { width: 1_280, height: 720 };
const PORT = 5_720;
/** Between two paints, and tiles of each: a tile rests for two seconds on average. */
const PAINT_EVERY_MS = { least: 15, most: 60 };
const MOST_TILES = 8;
/** Tiles of the first and the last row that count the paints. */
const CLOCK_TILES = 2;
const LOOK_EVERY_MS = 2;
const WARM_UP_MS = { window: 3_000, page: 8_000 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "60" },
    host: { type: "string", default: "127.0.0.1" },
    sender: { type: "string", default: "127.0.0.1" },
    "send-within": { type: "string", default: "" },
    "view-within": { type: "string", default: "" },
  },
});
const kind = positionals[0] === "page" ? "page" : "window";
const rng = new SeededRng(7);
const [source, viewer] = [await startDisplay(SIZE), await startDisplay(SIZE)];
const wall = new TileWall(source, SIZE, () => uniform(rng));
const reader = new TileReader(viewer, SIZE);
const watch = new StaleWatch(wall.columns * wall.rows);
for (let row = 0; row < wall.rows; row++)
  for (let column = 0; column < wall.columns; column++) wall.show(column, row, 0);
wall.flush();
await startViewer();

let paint = 0;
let unreadable = 0;
let looks = 0;
const lagsMs: number[] = [];
const paintedAtMs: number[] = [0];
await run(WARM_UP_MS[kind]);
watch.reset();
[unreadable, looks] = [0, 0];
lagsMs.length = 0;
await run(Number(values.seconds) * 1_000);
report();
process.exit();

async function startViewer(): Promise<void> {
  const inside = (words: string) => ({ within: words.split(" ").filter((word) => word !== "") });
  const [sending, viewing] = [inside(values["send-within"]), inside(values["view-within"])];
  const screen = ["share", "screen", "--no-pointer"];
  if (kind === "page") {
    const args = [...screen, "--open", "--no-announce", "--port", `${PORT}`];
    await startSightline(args, { display: source, until: "link", ...sending });
    startBrowser(`http://${values.sender}:${PORT}/`, SIZE, { display: viewer, ...viewing });
  } else {
    const watching = ["watch", `:${PORT}`, "--fullscreen"];
    const shown = startSightline(watching, { display: viewer, until: "first-picture", ...viewing });
    await startSightline([...screen, "--to", `${values.host}:${PORT}`], {
      display: source,
      until: "started",
      ...sending,
    });
    await shown;
  }
}

/** Paints and looks, for so long. */
async function run(durationMs: number): Promise<void> {
  const end = performance.now() + durationMs;
  let nextPaint = 0;
  for (let now = performance.now(); now < end; now = performance.now()) {
    if (now >= nextPaint) {
      paintSome();
      nextPaint = now + PAINT_EVERY_MS.least + uniform(rng) * (PAINT_EVERY_MS.most - PAINT_EVERY_MS.least);
    }
    look();
    await pause(LOOK_EVERY_MS);
  }
}

/** Changes a few tiles. The clocks come last: a frame that shows them shows all that they count. */
function paintSome(): void {
  paint += 1;
  const count = 1 + Math.floor(uniform(rng) * MOST_TILES);
  for (let i = 0; i < count; i++) {
    const tile = Math.floor(uniform(rng) * wall.columns * wall.rows);
    const [column, row] = [tile % wall.columns, Math.floor(tile / wall.columns)];
    if (!isClock(column, row)) wall.show(column, row, watch.change(tile, paint));
  }
  for (const row of [0, wall.rows - 1]) {
    wall.show(0, row, paint % NUMBERS);
    wall.show(1, row, Math.floor(paint / NUMBERS) % NUMBERS);
  }
  wall.flush();
  paintedAtMs.push(performance.now());
}

function isClock(column: number, row: number): boolean {
  return column < CLOCK_TILES && (row === 0 || row === wall.rows - 1);
}

/**
 * Reads the clocks first: tiles that are read later are of the same frame or a newer one. A capture reads the upper clock first
 * and a window draws the lower one last, so a picture in the middle of either is at least of the lesser paint.
 */
function look(): void {
  looks += 1;
  const [top, bottom] = [reader.readRow(0), reader.readRow(wall.rows - 1)];
  const [upper, lower] = [paintOf(top), paintOf(bottom)];
  const now = performance.now();
  if (upper === undefined || lower === undefined) {
    unreadable += 1;
    return;
  }
  const shownPaint = Math.min(upper, lower);
  if (paintedAtMs[shownPaint] !== undefined) lagsMs.push(now - (paintedAtMs[shownPaint + 1] ?? now));
  for (let row = 0; row < wall.rows; row++) {
    const numbers = row === 0 ? top : reader.readRow(row);
    const at = performance.now();
    for (const [column, shown] of numbers.entries()) {
      if (shown === undefined || isClock(column, row)) continue;
      watch.see(at, row * wall.columns + column, { shown, paint: shownPaint });
    }
  }
}

function paintOf([low, high]: readonly (number | undefined)[]): number | undefined {
  return low === undefined || high === undefined ? undefined : high * NUMBERS + low;
}

function report(): void {
  const { changes, stale, longestMs } = watch.count();
  const share = ((100 * stale) / changes).toFixed(2);
  console.log(
    `${kind}: ${changes} changes of tiles, ${stale} seen stale (${share} %), longest ${longestMs.toFixed(0)} ms`,
  );
  const behind = lagsMs.toSorted((a, b) => a - b)[lagsMs.length >> 1] ?? Number.NaN;
  console.log(`  ${looks} looks, ${unreadable} unreadable; next paint outstanding for ${behind.toFixed(0)} ms (p50)`);
}
