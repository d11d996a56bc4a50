import type { Handler } from "hono";
import type { ServerEnv } from "./server-env.js";

/** Answers 405 and says what is allowed (RFC 9110 §15.5.6); the last handler of a route. */
export function methodNotAllowed(allowed: readonly string[]): Handler<ServerEnv> {
  return (c) => c.body(null, 405, { Allow: allowed.join(", ") });
}
