import { type Command, Option } from "commander";

const MESSAGES = "Messages:";

/** The options that every command has. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Adds how a command that runs for a while tells what happens. */
export function addEventOptions(command: Command): Command {
  return addDebugOption(
    command
      .optionsGroup(MESSAGES)
      .option("--json", "print every event as a line of JSON (once a second: statistics)")
      .option("-q, --quiet", "print warnings and errors only"),
  );
}

/** Adds `--debug`, which `main.ts` reads, and puts `--help` beside it. */
export function addDebugOption(command: Command): Command {
  return command
    .optionsGroup(MESSAGES)
    .option("--debug", "show the stack when something fails (or SIGHTLINE_DEBUG=1)")
    .addHelpOption(new Option("-h, --help", "show this help").helpGroup(MESSAGES));
}
