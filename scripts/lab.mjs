// `npm run lab`: compiles the network laboratory where that is due and runs it in this same process.

import "./require-node.mjs";
import { spawnSync } from "node:child_process";
import { packageBinary, prepareDependencies, root } from "./setup.mjs";

prepareDependencies();
const tsc = packageBinary("typescript", "tsc");
const { status } = spawnSync(process.execPath, [tsc, "-b", "lab"], { cwd: root, stdio: ["ignore", 2, 2] });
if (status !== 0) process.exit(1);

await import(new URL("../dist/lab/main.js", import.meta.url).href);
