import { Hono } from "hono";
import { methodNotAllowed } from "../method-not-allowed.js";
import type { Page } from "../page.js";
import type { ServerEnv } from "../server-env.js";

const METHODS = ["GET", "HEAD", "OPTIONS"];
/** A year; only for who was let in (RFC 9111 §5.2.2.7, RFC 8246). */
const KEEP = "private, max-age=31536000, immutable";

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>The page is not built</title>
<h1>The page is not built</h1>
<p>This copy of Sightline comes without its viewer page. Run <code>npm run build</code> in its folder and share again.
Streams can be watched all the same: with <code>sightline watch</code> and this address, or any WHEP player.</p>
</html>
`;

/** Serves the page's files, each under its own path. */
export function pageRoutes(page: Page): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.on(METHODS, "*", async (c, next) => {
    const file = page.file(c.req.path);
    if (!file) {
      if (page.isBuilt || c.req.path !== "/") return next();
      return c.body(NOT_BUILT, 503, { "Content-Type": "text/html; charset=utf-8" });
    }
    if (c.req.method === "OPTIONS") return c.body(null, 204, { Allow: METHODS.join(", ") });
    const accepts = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
    const compressed = accepts ? file.gzipped : undefined;
    return c.body(Uint8Array.from(compressed ?? file.body), 200, {
      "Content-Type": file.type,
      "Content-Length": String((compressed ?? file.body).length),
      Vary: "Accept-Encoding",
      ...(compressed ? { "Content-Encoding": "gzip" } : {}),
      ...(file.isImmutable ? { "Cache-Control": KEEP } : {}),
    });
  });
  routes.all("*", (c, next) => (page.file(c.req.path) ? methodNotAllowed(METHODS)(c, next) : next()));
  return routes;
}
