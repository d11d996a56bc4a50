// Assembles src/core/fec/combine.wat and writes its bytes as a TypeScript module, because the core reads no files.
// `--check` writes nothing and fails if they are not there already.

import "./require-node.mjs";
import { readFileSync, writeFileSync } from "node:fs";
import loadWabt from "wabt";

const DIGITS_PER_LINE = 112;
const source = new URL("../src/core/fec/combine.wat", import.meta.url);
const target = new URL("../src/core/fec/combine-module.ts", import.meta.url);

const wabt = await loadWabt();
const module = wabt.parseWat("combine.wat", readFileSync(source, "utf8"), { simd: true });
module.validate();
const digits = Buffer.from(module.toBinary({}).buffer).toString("hex");
const lines = digits.match(new RegExp(`.{1,${DIGITS_PER_LINE}}`, "g")).map((line) => `  "${line}",\n`);
const text =
  "/** The WebAssembly module of combine.wat in hexadecimal digits. Written by scripts/build-wasm.mjs. */\n" +
  `export const COMBINE_MODULE = [\n${lines.join("")}].join("");\n`;

if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (readFileSync(target, "utf8") !== text) {
  process.stderr.write("combine-module.ts is not what combine.wat says: run node scripts/build-wasm.mjs\n");
  process.exitCode = 1;
}
