import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { SightlineError } from "../core/index.js";
import type { LinkOptions } from "../pipeline/index.js";
import { wholeNumber } from "./option-values.js";

const HIGHEST_PORT = 65_535;
const MOST_VIEWERS = 1_000;

/** The options of `share` that say how a link lets viewers in. */
export interface LinkFlags {
  readonly link?: boolean;
  readonly port?: number;
  readonly open?: boolean;
  readonly newLink?: boolean;
  readonly pin?: string | true;
  readonly tls?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly maxViewers?: number;
  readonly announce: boolean;
}

/** Adds the options of {@link LinkFlags}. */
export function addLinkOptions(command: Command): Command {
  return command
    .optionsGroup("Link (browsers, and sightline watch LINK):")
    .option("--link", "open a link beside --to")
    .option(
      "--port <N>",
      "TCP port (default 8080, or the next that is free)",
      wholeNumber("a port", { min: 1, max: HIGHEST_PORT }),
    )
    .option("--open", "let everybody on the network in: no token in the link")
    .addOption(new Option("--pin [CODE]", "let in who types six digits (drawn by lot if left out)").conflicts("open"))
    .addOption(new Option("--new-link", "shut out who has the link of before").conflicts(["open", "pin"]))
    .option("--tls", "serve HTTPS, with a certificate of our own")
    .option("--tls-cert <FILE>", "serve HTTPS with this certificate chain (PEM)")
    .option("--tls-key <FILE>", "and its key (PEM)")
    .option("--no-announce", "do not tell the network (DNS-SD), so that watch and list do not find it")
    .option(
      "--max-viewers <N>",
      "viewers at once (default 100)",
      wholeNumber("a number", { min: 1, max: MOST_VIEWERS }),
    );
}

/**
 * What `share` is to be told of the link.
 *
 * @param hasTargets - there are addresses to send to: no link unless it is asked for
 * @throws SightlineError `invalid-argument` for a certificate without key, `not-found` for a file that cannot be read
 */
export function linkOptions(flags: LinkFlags, hasTargets: boolean): LinkOptions | false {
  const { link, port, open, newLink, pin, maxViewers, announce } = flags;
  const tls = tlsOptions(flags);
  const options: LinkOptions = {
    ...(port !== undefined && { port }),
    ...(newLink && { newLink }),
    ...(open && { access: "open" as const }),
    ...(pin !== undefined && { access: "pin" as const, ...(pin !== true && { pin }) }),
    ...(tls !== undefined && { tls }),
    ...(maxViewers !== undefined && { maxViewers }),
  };
  const isAsked = link === true || Object.keys(options).length > 0;
  return isAsked || !hasTargets ? { ...options, announce } : false;
}

function tlsOptions({ tls, tlsCert, tlsKey }: LinkFlags): LinkOptions["tls"] {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new SightlineError("invalid-argument", "a certificate needs its key: give both --tls-cert and --tls-key");
  }
  if (tlsCert !== undefined && tlsKey !== undefined) return { certificate: read(tlsCert), key: read(tlsKey) };
  return tls ? "self-signed" : undefined;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new SightlineError("not-found", `cannot read '${file}': ${(cause as Error).message}`, { cause });
  }
}
