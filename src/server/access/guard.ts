import type { MiddlewareHandler } from "hono";
import { isSafeMethod, type ServerContext, type ServerEnv } from "../server-env.js";
import type { AccessControl } from "./access-control.js";
import type { HostNames } from "./host-names.js";
import { PinAccess } from "./pin-access.js";
import { PIN_PAGE_HEADERS, pinPage } from "./pin-page.js";

/** Where a PIN is exchanged for a cookie: the one route that works without access. */
export const PIN_PATH = "/api/pin";

const EMPTY = { "Content-Length": "0" };

/** What the {@link guard} asks. */
export interface GuardOptions {
  readonly access: AccessControl;
  readonly hostNames: HostNames;
  /** Called with every refusal. */
  readonly onRefused: (reason: "host" | "origin" | "access") => void;
}

/**
 * Stands before every route, known or not: what it refuses gets a status and no body, so that nothing can be told apart.
 * Names first (DNS rebinding), then origins (requests that other sites' pages make), then proof of access.
 */
export function guard({ access, hostNames, onRefused }: GuardOptions): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const url = new URL(c.req.url);
    if (!hostNames.includes(url.hostname)) {
      onRefused("host");
      return c.body(null, 403, EMPTY);
    }
    if (!isSafeMethod(c.req.method) && !isSameOrigin(c, url)) {
      onRefused("origin");
      return c.body(null, 403, EMPTY);
    }
    const isPinTry = access instanceof PinAccess && c.req.path === PIN_PATH && c.req.method === "POST";
    if (!isPinTry && !access.admits(c)) {
      onRefused("access");
      return refuse(c, access);
    }
    await next();
  };
}

function refuse(c: ServerContext, access: AccessControl): Response {
  const challenge = { "WWW-Authenticate": access.challenge };
  const asksForPin = access instanceof PinAccess && c.req.path === "/" && c.req.method === "GET";
  return asksForPin
    ? c.body(pinPage(c), 401, { ...challenge, ...PIN_PAGE_HEADERS })
    : c.body(null, 401, { ...challenge, ...EMPTY });
}

/** Programs that are no browsers send no `Origin`; browsers send it with everything that is no plain GET (Fetch standard). */
function isSameOrigin(c: ServerContext, url: URL): boolean {
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  return origin === undefined || origin === url.origin;
}
