import { Hono } from "hono";
import { methodNotAllowed } from "../method-not-allowed.js";
import { problem } from "../problem.js";
import type { ServerEnv } from "../server-env.js";
import type { StreamEvents } from "../stream-events.js";
import type { StreamHost } from "../stream-host.js";

const METHODS = ["GET", "HEAD", "OPTIONS"];
const EVENT_STREAM = { "Content-Type": "text/event-stream" };

/**
 * `GET /streams`: `{"streams": [StreamDescription, …]}`. `GET /events`: the same as the server-sent event `streams`, at once and
 * after every change.
 */
export function streamRoutes(host: StreamHost, events: StreamEvents): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.get("/streams", (c) => c.json({ streams: host.streams() }));
  routes.get("/events", (c) => {
    if (c.req.method === "HEAD") return c.body(null, 200, EVENT_STREAM); // a body that nobody reads would stay open
    const body = events.open();
    return body ? c.body(body, 200, EVENT_STREAM) : problem(c, 503, "too many listen already", { "Retry-After": "5" });
  });
  for (const path of ["/streams", "/events"]) {
    routes.options(path, (c) => c.body(null, 204, { Allow: METHODS.join(", ") }));
    routes.all(path, methodNotAllowed(METHODS));
  }
  return routes;
}
