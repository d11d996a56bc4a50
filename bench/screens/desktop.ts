import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const SIGHTLINE = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
/** A window without frame, sandbox or anything that pops up or goes to the network. */
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--password-store=basic",
  "--kiosk",
  "--window-position=0,0",
];

const running: ChildProcess[] = [];
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** How a program is started. */
export interface StartOptions {
  /** The X display that it gets. */
  readonly display?: string;
  /** The command that runs it elsewhere: `["ip", "netns", "exec", "a"]`. */
  readonly within?: readonly string[];
}

/** Starts a program that ends with this process at the latest. What it prints to standard output can be read. */
export function start(words: readonly string[], { display, within = [] }: StartOptions = {}): ChildProcess {
  const [program = "", ...rest] = [...within, ...words];
  const env = { ...process.env, ...(display !== undefined && { DISPLAY: display }), WAYLAND_DISPLAY: "" };
  const child = spawn(program, rest, { env, stdio: ["pipe", "pipe", "ignore"] });
  running.push(child);
  return child;
}

/** Starts Xvfb on a display number that is free. Returns what DISPLAY is set to. */
export async function startDisplay({ width, height }: { width: number; height: number }): Promise<string> {
  const args = ["-displayfd", "3", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp", "-noreset"];
  const server = spawn("Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  running.push(server);
  return `:${(await firstLine(server.stdio[3] as Readable)).trim()}`;
}

/** Starts the built command line with `--json`. Resolves with its first event of the kind `until`. */
export async function startSightline(
  words: readonly string[],
  { until, ...options }: StartOptions & { readonly until: string },
): Promise<{ readonly process: ChildProcess; readonly event: Record<string, unknown> }> {
  const child = start([process.execPath, SIGHTLINE, ...words, "--json"], options);
  for await (const event of eventsOf(child)) if (event["kind"] === until) return { process: child, event };
  throw new Error(`sightline ${words.join(" ")} ended`);
}

/** The events that a `sightline --json` prints from now on. */
export async function* eventsOf(child: ChildProcess): AsyncGenerator<Record<string, unknown>> {
  let rest = "";
  for await (const chunk of (child.stdout as Readable).iterator({ destroyOnReturn: false })) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as Record<string, unknown>;
  }
}

/** Shows a page on the whole of a display. */
export function startBrowser(url: string, size: { width: number; height: number }, options: StartOptions): void {
  const profile = `--user-data-dir=/tmp/sightline-bench-${process.pid}`;
  start(
    ["chromium", ...CHROMIUM_FLAGS, profile, `--window-size=${size.width},${size.height}`, `--app=${url}`],
    options,
  );
}

async function firstLine(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes("\n")) return text;
  }
  throw new Error("Xvfb did not start");
}
