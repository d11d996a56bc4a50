import { Hono } from "hono";
import { now } from "../../clock/index.js";
import { type Micros, seconds } from "../../core/index.js";
import type { PinAccess } from "../access/pin-access.js";
import { PinAttempts } from "../access/pin-attempts.js";
import { PIN_PAGE_HEADERS, type PinRefusal, pinPage } from "../access/pin-page.js";
import { mediaType, readText } from "../request-body.js";
import { remoteAddress, type ServerContext, type ServerEnv } from "../server-env.js";

const MAX_BODY_BYTES = 1_024;

/**
 * `POST /`: a PIN, as the form sends it or as JSON `{"pin": "123456"}`.
 *
 * 204 and a cookie (a form: 303 to the page) · 400 not a PIN · 403 wrong · 429 too many tries, with `Retry-After`
 */
export function pinRoutes(access: PinAccess): Hono<ServerEnv> {
  const attempts = new PinAttempts();
  const routes = new Hono<ServerEnv>();
  routes.post("/", async (c) => {
    const body = await readText(c, { maxBytes: MAX_BODY_BYTES });
    if (body.kind !== "text") return c.body(null, body.kind === "too-large" ? 413 : 400);
    const isForm = mediaType(c) === "application/x-www-form-urlencoded";
    const typed = isForm ? (new URLSearchParams(body.text).get("pin") ?? "") : pinFromJson(body.text);
    if (typed === undefined) return c.body(null, 400);

    const at = now();
    const wait = attempts.waitAt(at, remoteAddress(c));
    if (wait > 0) return refused(c, { isForm, refusal: { kind: "locked", seconds: wholeSeconds(wait) } });
    if (!access.isRight(typed.trim())) {
      attempts.fail(at, remoteAddress(c));
      return refused(c, { isForm, refusal: { kind: "wrong" } });
    }
    attempts.succeed(remoteAddress(c));
    access.grant(c);
    return isForm ? c.redirect("/", 303) : c.body(null, 204);
  });
  return routes;
}

function refused(c: ServerContext, { isForm, refusal }: { isForm: boolean; refusal: PinRefusal }): Response {
  const status = refusal.kind === "wrong" ? 403 : 429;
  const retryAfter: Record<string, string> =
    refusal.kind === "locked" ? { "Retry-After": String(refusal.seconds) } : {};
  if (!isForm) return c.body(null, status, retryAfter);
  return c.body(pinPage(c, refusal), status, { ...retryAfter, ...PIN_PAGE_HEADERS });
}

function pinFromJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const pin = typeof value === "object" && value !== null && "pin" in value ? value.pin : undefined;
    return typeof pin === "string" ? pin : undefined;
  } catch {
    return undefined;
  }
}

function wholeSeconds(wait: Micros): number {
  return Math.ceil(wait / seconds(1));
}
