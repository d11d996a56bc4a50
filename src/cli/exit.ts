import { CommanderError } from "commander";
import { type ErrorCode, SightlineError } from "../core/index.js";

/** The exit codes that scripts can rely on. */
export const EXIT_CODES = {
  /** Done, or ended because the user asked for it (`q`, the window, Ctrl-C). */
  ok: 0,
  /** It could not be done or broke off; the line on stderr says why. */
  failed: 1,
  /** The command line is wrong: nothing was done. */
  usage: 2,
  /** A second Ctrl-C cut the orderly end short (128 + SIGINT, as shells count). */
  interrupted: 130,
} as const;

/** How a person and a script learn of a failure. */
export interface FailureReport {
  /** For stderr; empty if everything has been said. */
  readonly text: string;
  readonly exitCode: number;
}

/** Turns whatever was thrown into a line for a person and an exit code. With `debug`, the stack and causes follow. */
export function reportFailure(error: unknown, { debug }: { debug: boolean }): FailureReport {
  if (error instanceof CommanderError) {
    return { text: "", exitCode: error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage };
  }
  if (error instanceof Error && error.name === "AbortError") {
    return { text: "", exitCode: EXIT_CODES.ok }; // Ctrl-C before there was anything to close
  }
  const details = debug ? `\n${describeStack(error)}` : "";
  if (error instanceof SightlineError) {
    return { text: `sightline: ${oneLine(error.message)}${details}`, exitCode: exitCodeOf(error.code) };
  }
  const message = oneLine(error instanceof Error ? error.message : String(error));
  const hint = debug ? details : " (--debug shows where)";
  return { text: `sightline: something unforeseen went wrong: ${message}${hint}`, exitCode: EXIT_CODES.failed };
}

/** The error that a share or watch ended with, if any, as an exception. */
export function throwIfFailed(end: { readonly error?: { readonly code: ErrorCode; readonly message: string } }): void {
  if (end.error) throw new SightlineError(end.error.code, end.error.message);
}

function exitCodeOf(code: ErrorCode): number {
  return code === "invalid-argument" ? EXIT_CODES.usage : EXIT_CODES.failed;
}

function oneLine(message: string): string {
  return message.trim().replace(/\s*\n\s*/g, " ");
}

function describeStack(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${describeStack(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
