#!/usr/bin/env node
import { tuneEngine } from "../engine/index.js";
import { EXIT_CODES, reportFailure } from "./exit.js";
import { createProgram } from "./program.js";

/** A native handle that will not close must not hold the terminal. */
const EXIT_GRACE_MS = 1_000;

tuneEngine();

const args = process.argv.slice(2);
const debug = args.includes("--debug") || process.env["SIGHTLINE_DEBUG"] === "1";

process.stdout.on("error", () => {}); // a reader that has gone (`… | head`) is no failure
process.stderr.on("error", () => {});
process.on("uncaughtException", (error) => {
  fail(error);
  process.exit();
});

process.exitCode = EXIT_CODES.ok;
await createProgram()
  .parseAsync(args.length > 0 ? args : ["--help"], { from: "user" })
  .catch(fail);
setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();

function fail(error: unknown): void {
  const { text, exitCode } = reportFailure(error, { debug });
  if (text !== "") process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}
