// `npm start` and its like: does the set-up that is due, then runs the command line in this same process, so that signals,
// exit codes and the terminal are the program's own.

import "./require-node.mjs";
import { fileURLToPath } from "node:url";

const { prepareToRun, SetupError } = await import("./setup.mjs");
try {
  prepareToRun();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`sightline: ${error.message}\n`);
  process.exit(1);
}

const main = new URL("../dist/cli/main.js", import.meta.url);
process.argv[1] = fileURLToPath(main);
await import(main.href);
