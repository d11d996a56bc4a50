/**
 * What a desktop on which nothing happens costs to share, and how soon a key is seen that is typed into a terminal on it.
 *
 *     node dist/bench/still-desktop.js [--seconds 60]
 *
 * Needs Xvfb and xdotool.
 */

import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createServerImage, XConnection } from "#internal/x11/index.js";
import { reportSpread } from "./measure.js";
import { eventsOf, start, startDisplay, startSightline } from "./screens/desktop.js";
import { Terminal } from "./screens/terminal.js";

const SIZE = { width: 1_920, height: 1_080 };
const PORT = 5_721;
const KEYS = 100;
/** Between two keys: longer than a frame, and not a multiple of it. */
const KEY_EVERY_MS = 170;
const LOST_AFTER_MS = 2_000;
/** Until what was drawn at the start is exact, and the path is known. */
const SETTLED_AFTER_MS = 10_000;
/** `sysconf(_SC_CLK_TCK)` of every Linux. */
const TICKS_PER_SECOND = 100;

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });
const [source, viewer] = [await startDisplay(SIZE), await startDisplay(SIZE)];
const terminal = new Terminal(source);
const watching = startSightline(["watch", `:${PORT}`, "--fullscreen"], { display: viewer, until: "first-picture" });
const share = ["share", "screen", "--to", `127.0.0.1:${PORT}`];
const { process: sharing } = await startSightline(share, { display: source, until: "started" });
const { process: shown } = await watching;
const sent = countBits(sharing);
await pause(SETTLED_AFTER_MS);
await rest(Number(values.seconds) * 1_000);
await type();
process.exit();

async function rest(durationMs: number): Promise<void> {
  const [before, bitsBefore] = [[cpuSeconds(sharing), cpuSeconds(shown)], sent.bits];
  await pause(durationMs);
  const cores = [cpuSeconds(sharing), cpuSeconds(shown)].map(
    (now, i) => (100 * 1_000 * (now - before[i]!)) / durationMs,
  );
  const rate = ((sent.bits - bitsBefore) / durationMs).toFixed(1);
  console.log(
    `still: ${rate} kb/s, ${cores.map((part) => part.toFixed(1)).join(" and ")} % of a core to share and to watch`,
  );
}

/** Adds up what the statistics of each second say was sent. */
function countBits(child: ChildProcess): { readonly bits: number } {
  const count = { bits: 0 };
  void (async () => {
    for await (const { kind, targets } of eventsOf(child)) {
      if (kind === "statistics") count.bits += (targets as { bitrateBps: number }[])[0]?.bitrateBps ?? 0;
    }
  })();
  return count;
}

/** Types keys and looks when each changes the last line of the terminal as it is shown. */
async function type(): Promise<void> {
  const keyboard = start(["xdotool", "-"], { display: source });
  const connection = new XConnection(viewer);
  const line = terminal.lastLine;
  const image = createServerImage(connection, { width: terminal.size.width, height: line.height });
  const look = (): Buffer => {
    image.get(connection.root, { x: 0, y: line.y }, { y: 0, height: line.height });
    return Buffer.from(image.pixels);
  };
  const latencies: number[] = [];
  for (let key = 0; key < KEYS; key++) {
    const before = look();
    const typedAt = performance.now();
    keyboard.stdin?.write("key x\n");
    while (look().equals(before) && performance.now() - typedAt < LOST_AFTER_MS) await pause(1);
    latencies.push(performance.now() - typedAt);
    await pause(KEY_EVERY_MS);
  }
  reportSpread(`a key typed into a terminal is seen after`, latencies, { unit: "ms", per: "key" });
}

/** CPU time of a process and all that it has started. */
function cpuSeconds({ pid }: ChildProcess): number {
  const processes = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? statOf(Number(name)) : []));
  const family = new Set([pid]);
  // Children have larger numbers than their parents, and come later, until the numbers start anew.
  for (let found = 0; found < family.size; ) {
    found = family.size;
    for (const { id, parent } of processes) if (family.has(parent)) family.add(id);
  }
  const own = processes.filter(({ id }) => family.has(id));
  return own.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND;
}

/** proc_pid_stat(5); the fields after the program's name, which may contain anything. */
function statOf(id: number): { readonly id: number; readonly parent: number; readonly ticks: number }[] {
  try {
    const text = readFileSync(`/proc/${id}/stat`, "utf8");
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    return [{ id, parent: fields[1]!, ticks: fields[11]! + fields[12]! }];
  } catch {
    return []; // it has ended meanwhile
  }
}
