import { createInterface } from "node:readline/promises";
import { SightlineError } from "../core/index.js";
import type { FoundLink } from "../pipeline/index.js";

/** A person who can be asked. */
export type Asker = (question: string) => Promise<string>;

/** What `watch` is to open. */
export interface Choice {
  readonly url: string;
  readonly pin?: string;
  readonly insecure?: true;
}

/**
 * Chooses among what was found: the only one, or the one that the person names.
 *
 * @param ask - undefined where nobody can be asked
 * @param pin - the six digits, if they were given
 * @returns undefined if nothing was found
 * @throws SightlineError `invalid-argument` if there are several and nobody can be asked, or the one needs what is not known
 */
export async function chooseShare(
  found: readonly FoundLink[],
  ask: Asker | undefined,
  pin?: string,
): Promise<Choice | undefined> {
  const share = found.length > 1 ? await choose(found, ask) : found[0];
  if (share === undefined) return undefined;
  const { url, host, needs } = share;
  if (needs === "link") {
    throw invalid(`${host} shares by a link alone: ask there for it, and give it: sightline watch LINK`);
  }
  // This user's own certificate, reached without a network in between.
  const trust = share.isOwn && url.startsWith("https:") ? { insecure: true as const } : {};
  const known = share.pin ?? pin;
  if (known !== undefined) return { url, pin: known, ...trust };
  if (needs !== "pin") return { url, ...trust };
  if (ask === undefined) throw invalid(`${host} asks for a PIN: add --pin CODE (who shares knows it)`);
  return { url, pin: (await ask(`PIN of ${host}: `)).replace(/\s/g, "") };
}

/** Asks on the terminal; undefined where there is none. */
export function terminalAsker(): Asker | undefined {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await terminal.question(question);
    } finally {
      terminal.close();
    }
  };
}

async function choose(found: readonly FoundLink[], ask: Asker | undefined): Promise<FoundLink> {
  if (ask === undefined) throw invalid("several are shared here: give the link of one (sightline list shows them)");
  const lines = found.map(({ host, streams, url }, index) => {
    const what = streams.length > 0 ? streams.join(", ") : new URL(url).host;
    return `  ${index + 1}  ${host}: ${what}`;
  });
  const answer = await ask(`${lines.join("\n")}\nWhich one? [1] `);
  const chosen = found[Number(answer.trim() || "1") - 1];
  if (chosen === undefined) throw invalid(`"${answer.trim()}" is none of them`);
  return chosen;
}

function invalid(message: string): SightlineError {
  return new SightlineError("invalid-argument", message);
}
