// `npm run bench`: compiles and runs every bench/*.ts and prints its table. `npm run bench -- core` runs only bench/core.ts.

import "./require-node.mjs";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { packageBinary, prepareDependencies, root } from "./setup.mjs";

const NOT_A_BENCHMARK = "measure";

prepareDependencies();
const built = runNode(packageBinary("typescript", "tsc"), "-b", "bench");
if (!built) process.exit(1);

const wanted = process.argv.slice(2);
const names = readdirSync(join(root, "bench"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => basename(file, ".ts"))
  .filter((name) => name !== NOT_A_BENCHMARK && (wanted.length === 0 || wanted.includes(name)));

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`);
console.log("median of the rounds (fastest – slowest round)");
for (const name of names) {
  console.log(`\n${name}`);
  if (!runNode(join(root, "dist", "bench", `${name}.js`))) process.exitCode = 1;
}

function runNode(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}
