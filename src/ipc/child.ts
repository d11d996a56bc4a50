import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { SightlineError } from "../core/index.js";
import { tuneEngine } from "../engine/index.js";
import { MessageStream } from "./message-stream.js";

/** The file descriptor that carries messages in the child: the first after the standard three. */
const LINK_FD = 3;

/**
 * How many heaps glibc spreads what C code allocates over. Left to itself, each of libuv's threads that codes images fills one
 * of its own and keeps it: 60 MB for pages of 1080 rows, and not faster. A value that is set already stays.
 */
const HEAPS = { MALLOC_ARENA_MAX: "2" };

/** How a child process ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process and the link to it. */
export interface Child {
  readonly pid: number | undefined;
  readonly messages: MessageStream;
  /** Resolves once the process is gone; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Ends the process at once. Prefer a message that asks it to end. */
  kill(): void;
}

/** Options of {@link startChild}. */
export interface ChildOptions {
  /** Gives the child our standard output (for raw frames to a pipe). Otherwise what it prints there is dropped. */
  readonly inheritStdout?: boolean;
}

/**
 * Starts a Node process that runs the module `entry` and is linked to this one by {@link MessageStream}. It may collect its
 * garbage itself (`globalThis.gc`), since pictures lie outside of the heap that V8 watches. Its standard error is ours. It ends
 * when the link closes, so it never outlives this process.
 */
export function startChild(entry: URL, options: ChildOptions = {}): Child {
  const stdio: StdioOptions = ["ignore", options.inheritStdout ? "inherit" : "ignore", "inherit", "pipe"];
  const child: ChildProcess = spawn(process.execPath, ["--expose-gc", fileURLToPath(entry)], {
    stdio,
    env: { ...HEAPS, ...process.env },
  });
  const exited = new Promise<ChildExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: null, signal: null }));
  });
  const messages = new MessageStream(child.stdio[LINK_FD] as Duplex);
  return { pid: child.pid, messages, exited, kill: () => child.kill("SIGKILL") };
}

/**
 * The child's end of the link. From now on the process ignores SIGINT and SIGTERM, which a terminal sends to the
 * whole group: the parent decides when it ends, and the link's closing tells it that the parent is gone.
 *
 * @throws SightlineError `invalid-argument` if the process was not started by {@link startChild}
 */
export function connectToParent(): MessageStream {
  tuneEngine();
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => {});
  try {
    return new MessageStream(new Socket({ fd: LINK_FD, readable: true, writable: true }));
  } catch (cause) {
    throw new SightlineError("invalid-argument", "this module runs only as a child process of sightline", { cause });
  }
}
