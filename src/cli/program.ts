import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addDevicesCommand } from "./commands/devices.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addListCommand } from "./commands/list.js";
import { addShareCommand } from "./commands/share.js";
import { addWatchCommand } from "./commands/watch.js";

const EXAMPLES = `
Examples:
  sightline share                          the screen: prints a link that opens in any browser
  sightline watch                          what is shared on this network, in a window
  sightline watch "http://…"               a link that somebody sent you
  sightline share camera --name Door       a camera, by another name
  sightline share --to 192.168.1.20:5004   without a link (type sightline watch :5004 there)
  sightline COMMAND --help                 everything a command can do

Exit codes: 0 done, or ended by you; 1 it failed, the last line says why; 2 the command line is wrong.`;

/** The command line, whose errors are thrown (CommanderError) after they were printed as one line. */
export function createProgram(): Command {
  const program = new Command("sightline")
    .description(
      "Shares a live screen or camera, from one machine to any number of others: browsers, or a window of its own.",
    )
    .version(readVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(describeUsageError(text)) })
    .addHelpText("after", EXAMPLES);
  addShareCommand(program);
  addWatchCommand(program);
  addListCommand(program);
  addDevicesCommand(program);
  addDoctorCommand(program);
  return program;
}

/** Commander's words in the form of all our errors. */
function describeUsageError(text: string): string {
  return `sightline: ${text
    .replace(/^error: /, "")
    .trim()
    .replace(/\s*\n\s*/g, " ")} (--help shows what there is)\n`;
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return version;
}
