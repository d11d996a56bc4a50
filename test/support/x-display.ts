import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

/** An X server of a test's own, without a screen to look at. */
export interface XDisplay {
  /** What DISPLAY is set to, for example `:7`. */
  readonly display: string;
  /** Kills the server as a crash would; resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts Xvfb with 24-bit colour on a display number that is free.
 *
 * @param options.extraArguments - for example `["-extension", "MIT-SHM"]`
 */
export async function startXDisplay(options: {
  readonly width: number;
  readonly height: number;
  readonly extraArguments?: readonly string[];
}): Promise<XDisplay> {
  const screen = `${options.width}x${options.height}x24`;
  const xvfb = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp", "-noreset", ...(options.extraArguments ?? [])],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] },
  );
  const number = await readNumber(xvfb);
  return {
    display: `:${number}`,
    kill: async () => {
      if (xvfb.exitCode !== null || xvfb.signalCode !== null) return;
      const exit = once(xvfb, "exit");
      xvfb.kill("SIGKILL");
      await exit;
    },
  };
}

/**
 * Whether tests that need a program must be skipped because it is not installed.
 *
 * @throws Error when it is missing and the environment variable CI is set, so that nothing goes untested there
 */
export function requireProgram(name: string): { readonly isMissing: boolean } {
  return demand(name, spawnSync("which", [name], { stdio: "ignore" }).status === 0);
}

/**
 * Like {@link requireProgram} for a library.
 *
 * @param load - throws if it is missing
 */
export function requireLibrary(name: string, load: () => unknown): { readonly isMissing: boolean } {
  try {
    load();
    return demand(name, true);
  } catch {
    return demand(name, false);
  }
}

function demand(name: string, isThere: boolean): { readonly isMissing: boolean } {
  if (!isThere && process.env["CI"]) throw new Error(`${name} is missing; install it to run these tests`);
  if (!isThere) console.warn(`skipped: ${name} is not installed`);
  return { isMissing: !isThere };
}

/** Xvfb writes the number of its display to the descriptor once it accepts connections. */
async function readNumber(xvfb: ChildProcess): Promise<string> {
  const pipe = xvfb.stdio[3] as Readable;
  let text = "";
  for await (const chunk of pipe) {
    text += String(chunk);
    if (text.includes("\n")) return text.trim();
  }
  throw new Error("Xvfb did not start");
}
