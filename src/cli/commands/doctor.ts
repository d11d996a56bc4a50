import type { Command } from "commander";
import type { Finding } from "../../pipeline/index.js";
import { addDebugOption } from "../common-options.js";
import { formatTable } from "../table.js";

const EXAMPLES = `
Examples:
  sightline doctor          what works here, and what to do about the rest
  sightline doctor --json   the same for a program`;

/** Adds `sightline doctor`. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command("doctor")
    .summary("say what this machine lacks, and what to do")
    .description("Tries what sharing and watching need on this machine and says what to do about what is missing.")
    .option("--json", "print a JSON array");
  addDebugOption(command).addHelpText("after", EXAMPLES).action(runDoctor);
}

async function runDoctor({ json }: { readonly json?: boolean }): Promise<void> {
  const { diagnose } = await import("../../pipeline/index.js");
  const findings = await diagnose();
  process.stdout.write(`${json ? JSON.stringify(findings, undefined, 2) : describeFindings(findings)}\n`);
}

/** The findings as a table, each remedy on a line of its own below, and a closing line that sums up. */
export function describeFindings(findings: readonly Finding[]): string {
  const lines = formatTable(findings.map(({ verdict, subject, detail }) => [verdict, subject, detail])).split("\n");
  const withRemedies = findings.flatMap(({ remedy }, index) =>
    remedy === undefined ? [lines[index]!] : [lines[index]!, `         → ${remedy}`],
  );
  const wanting = findings.filter(({ verdict }) => verdict !== "ok").length;
  const summary =
    wanting === 0 ? "Everything works here." : `${wanting} of ${findings.length} could be better, see the arrows.`;
  return [...withRemedies, "", summary].join("\n");
}
