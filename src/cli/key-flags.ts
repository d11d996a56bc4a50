import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { SightlineError } from "../core/index.js";

/** Where the passphrase is taken from when no option gives it. */
const KEY_VARIABLE = "SIGHTLINE_KEY";

/** The options of {@link addKeyOptions}. */
export interface KeyFlags {
  readonly key?: string;
  readonly keyFile?: string;
}

/** Adds how the passphrase of an encrypted stream is given. */
export function addKeyOptions(command: Command, purpose: string): Command {
  return command
    .option("--key <PASSPHRASE>", `${purpose}; everyone on this machine can see it while it runs`)
    .option("--key-file <FILE>", `the same, from a file's first line (or set ${KEY_VARIABLE})`);
}

/**
 * The passphrase of an encrypted stream.
 *
 * @throws SightlineError `invalid-argument` if it is given twice or the file holds none, `not-found` if the file cannot be read
 */
export function readKey({ key, keyFile }: KeyFlags): string | undefined {
  if (key !== undefined && keyFile !== undefined) {
    throw new SightlineError("invalid-argument", "--key and --key-file both give a key: use one of them");
  }
  if (keyFile !== undefined) return readKeyFile(keyFile);
  return key ?? (process.env[KEY_VARIABLE] || undefined);
}

function readKeyFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new SightlineError("not-found", `cannot read the key file '${file}': ${(cause as Error).message}`, { cause });
  }
  const [line = ""] = text.split(/\r?\n/);
  if (line === "")
    throw new SightlineError("invalid-argument", `the first line of '${file}' is empty: write the key there`);
  return line;
}
