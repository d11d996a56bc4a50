import type { Command } from "commander";
import type { Device } from "../../pipeline/index.js";
import { addDebugOption } from "../common-options.js";
import { formatTable } from "../table.js";

/** More modes than this do not help a person to choose. */
const MODES_SHOWN = 4;

const EXAMPLES = `
Examples:
  sightline devices          what can be shared here, and what to type for it
  sightline devices --json   the same for a program`;

/** Adds `sightline devices`. */
export function addDevicesCommand(program: Command): void {
  const command = program
    .command("devices")
    .summary("list the screens and cameras of this machine")
    .description("Lists the screens and cameras of this machine. The first column is what to give to share.")
    .option("--json", "print a JSON array");
  addDebugOption(command).addHelpText("after", EXAMPLES).action(runDevices);
}

async function runDevices({ json }: { readonly json?: boolean }): Promise<void> {
  const { listDevices } = await import("../../pipeline/index.js");
  const devices = await listDevices();
  process.stdout.write(`${json ? JSON.stringify(devices, undefined, 2) : describeDevices(devices)}\n`);
}

/** The devices as a table; a hint if there are none. */
export function describeDevices(devices: readonly Device[]): string {
  if (devices.length === 0)
    return "No screen and no camera found; sightline doctor says why. The source `test` always works.";
  const rows = devices.map(({ source, name, modes }) => {
    const others = modes.length - MODES_SHOWN;
    const shown = modes.slice(0, MODES_SHOWN).join(", ");
    return [source, name, others > 0 ? `${shown} and ${others} more` : shown];
  });
  return formatTable([["SOURCE", "NAME", "MODES"], ...rows]);
}
