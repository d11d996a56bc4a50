import type { Command } from "commander";
import type { FoundLink } from "../../pipeline/index.js";
import { addDebugOption } from "../common-options.js";
import { formatTable } from "../table.js";

const WAIT_MS = 2_000;

const EXAMPLES = `
Examples:
  sightline list          what is shared on this network
  sightline list --json   the same for a program`;

const NEED_WORDS: Readonly<Record<FoundLink["needs"], string>> = {
  nothing: "",
  pin: "asks for a PIN",
  link: "needs its whole link",
};

/** Adds `sightline list`. */
export function addListCommand(program: Command): void {
  const command = program
    .command("list")
    .summary("list what is shared on this network")
    .description("Lists what this machine shares, and what others on the local network have announced (DNS-SD).")
    .option("--json", "print a JSON array");
  addDebugOption(command).addHelpText("after", EXAMPLES).action(runList);
}

async function runList({ json }: { readonly json?: boolean }): Promise<void> {
  const { findShares } = await import("../../pipeline/index.js");
  const found = await findShares({ waitMs: WAIT_MS });
  process.stdout.write(`${json ? JSON.stringify(found, undefined, 2) : describeShares(found)}\n`);
}

/** What was found, as a table. */
export function describeShares(found: readonly FoundLink[]): string {
  if (found.length === 0) return "Nothing is shared on this network, or its announcements do not get through.";
  const rows = found.map(({ host, streams, url, needs }) => [host, streams.join(", "), url, NEED_WORDS[needs]]);
  return formatTable([["MACHINE", "SHARES", "LINK", ""], ...rows]);
}
