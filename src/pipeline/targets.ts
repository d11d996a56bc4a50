import { existsSync } from "node:fs";
import { SightlineError } from "../core/index.js";
import { type HostPort, parseHostPort } from "../transport/index.js";

/** A destination as the user wrote it, parsed but not yet resolved. */
export interface ShareDestination extends HostPort {
  readonly protocol: "rtp" | "jpeg";
}

/** What `watch` was told to watch, parsed. */
export type WatchTarget =
  | ({ readonly kind: "rtp" | "jpeg" } & HostPort)
  /** The path of a session description. */
  | { readonly kind: "sdp"; readonly file: string }
  /** A link of Sightline's, or a WHEP endpoint. */
  | { readonly kind: "whep"; readonly url: URL };

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i;

/**
 * Parses a destination of `share`: `HOST:PORT` or `rtp://HOST:PORT` for RTP, `jpeg://HOST:PORT` for one JPEG a datagram.
 *
 * @throws SightlineError `invalid-argument`
 */
export function parseShareDestination(text: string): ShareDestination {
  const [, scheme = "rtp", rest = text] = SCHEME.exec(text) ?? [];
  const protocol = scheme.toLowerCase();
  if (protocol !== "rtp" && protocol !== "jpeg") {
    throw new SightlineError("invalid-argument", `cannot send to '${text}': use HOST:PORT or jpeg://HOST:PORT`);
  }
  const { host, port } = parseHostPort(rest);
  return { protocol, host: host || "127.0.0.1", port };
}

/**
 * Parses a target of `watch`: `:PORT`, `HOST:PORT`, `GROUP:PORT` (RTP), `jpeg://:PORT`, a link (`http://…`, `https://…`), or
 * the path of an SDP file.
 *
 * @throws SightlineError `invalid-argument`, or `not-found` for a missing file
 */
export function parseWatchTarget(text: string): WatchTarget {
  const [, scheme, rest = text] = SCHEME.exec(text) ?? [];
  switch (scheme?.toLowerCase()) {
    case "jpeg":
      return { kind: "jpeg", ...parseHostPort(rest) };
    case "rtp":
      return { kind: "rtp", ...parseHostPort(rest) };
    case "http":
    case "https":
      if (!URL.canParse(text)) break;
      return { kind: "whep", url: new URL(text) };
    case undefined:
      break;
    default:
      throw new SightlineError(
        "invalid-argument",
        `cannot watch '${text}': use a link (http://…), :PORT, HOST:PORT, GROUP:PORT, FILE.sdp or jpeg://:PORT`,
      );
  }
  if (existsSync(text)) return { kind: "sdp", file: text };
  if (/\.sdp$/i.test(text)) {
    throw new SightlineError("not-found", `there is no file '${text}': check the path of the session description`);
  }
  return { kind: "rtp", ...parseHostPort(text) };
}
