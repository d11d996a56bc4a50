import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type ErrorCode, SightlineError } from "../core/index.js";
import type { ServerContext } from "./server-env.js";

/** How long a client should wait after `unavailable`, in seconds. */
const RETRY_AFTER_S = 2;

const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  "invalid-argument": 400,
  "invalid-data": 400,
  "not-found": 404,
  "source-lost": 404,
  unsupported: 422,
  unavailable: 503,
};

/** Answers with a status and a line for a person (RFC 9457). Only for those who were let in. */
export function problem(
  c: ServerContext,
  status: ContentfulStatusCode,
  title: string,
  headers: Record<string, string> = {},
): Response {
  return c.body(JSON.stringify({ title, status }), status, { ...headers, "Content-Type": "application/problem+json" });
}

/**
 * Answers with what an error of ours means to a client: 422 stands for an offer without a codec in common, since 406 announces a
 * counter-offer (draft-ietf-wish-whep-03 §4.2.2).
 *
 * @throws what it was given if that is not for the client to know
 */
export function problemFrom(c: ServerContext, error: unknown): Response {
  const status = error instanceof SightlineError ? STATUS[error.code] : undefined;
  if (!(error instanceof SightlineError) || status === undefined) throw error;
  return problem(c, status, error.message, status === 503 ? { "Retry-After": String(RETRY_AFTER_S) } : {});
}
