/** Whom a share's link lets in. */
export type ShareAccess = "token" | "pin" | "open";

/** What a share tells the local network of itself. Nothing of it is secret: anybody there can read it. */
export interface Announcement {
  /** TCP port of the link. */
  readonly port: number;
  readonly access: ShareAccess;
  /** The link is `https://`. */
  readonly tls: boolean;
  /** The streams' names; empty unless everybody is let in. */
  readonly streams: readonly string[];
}

/** A share that another machine, or this one, has told of. */
export interface FoundShare extends Announcement {
  /** The machine's name, as it says. */
  readonly host: string;
  /** The link without a token: enough where everybody is let in. */
  readonly url: string;
}

/** DNS-SD: the service is `_sightline._tcp` (RFC 6763 §4.1.2). */
export const SERVICE_TYPE = "sightline";
/** A string of a TXT record has no more (RFC 6763 §6.1), the key included. */
const MAX_TXT_STRING = 255;
const VERSION = "1";
const NAME_SEPARATOR = "\n";
const MAX_NAME_LENGTH = 80;
const MAX_NAMES = 16;

/** The TXT record (RFC 6763 §6) of an announcement. */
export function writeTxt({ access, tls, streams }: Announcement): Record<string, string> {
  const record = { v: VERSION, access, tls: tls ? "1" : "0" };
  if (access !== "open") return record;
  let names = "";
  for (const name of streams) {
    const longer = names === "" ? name : names + NAME_SEPARATOR + name;
    if (Buffer.byteLength(`streams=${longer}`) > MAX_TXT_STRING) break;
    names = longer;
  }
  return { ...record, streams: names };
}

/**
 * Reads what a machine on the network says of a share. Remote data: bounded, and without characters that a terminal would obey.
 *
 * @param service - as it was found; `address` is where the answer came from
 * @returns undefined if it is not of our kind
 */
export function readService(service: {
  readonly host?: unknown;
  readonly address?: unknown;
  readonly port?: unknown;
  readonly txt?: unknown;
}): FoundShare | undefined {
  const { port, address } = service;
  const txt = (typeof service.txt === "object" && service.txt !== null ? service.txt : {}) as Record<string, unknown>;
  const { access, tls, streams, v } = txt;
  if (v !== VERSION || (access !== "token" && access !== "pin" && access !== "open")) return undefined;
  if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  if (typeof address !== "string" || !/^[0-9a-f.:%]+$/i.test(address)) return undefined;
  const isTls = tls === "1";
  return {
    host: printable(service.host).replace(/\.local\.?$/, "") || address,
    url: `${isTls ? "https" : "http"}://${address.includes(":") ? `[${address}]` : address}:${port}/`,
    port,
    access,
    tls: isTls,
    streams: access === "open" ? namesOf(streams) : [],
  };
}

function namesOf(streams: unknown): string[] {
  if (typeof streams !== "string") return [];
  const names = streams.split(NAME_SEPARATOR).map(printable);
  return names.filter((name) => name !== "").slice(0, MAX_NAMES);
}

function printable(text: unknown): string {
  return typeof text === "string" ? text.replace(/\p{C}+/gu, "").slice(0, MAX_NAME_LENGTH) : "";
}
