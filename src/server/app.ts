import { Hono } from "hono";
import type { AccessControl } from "./access/access-control.js";
import { guard, PIN_PATH } from "./access/guard.js";
import type { HostNames } from "./access/host-names.js";
import { PinAccess } from "./access/pin-access.js";
import { TokenAccess } from "./access/token-access.js";
import { methodNotAllowed } from "./method-not-allowed.js";
import { formatMetrics, METRICS_TYPE } from "./metrics-text.js";
import type { Page } from "./page.js";
import { pageRoutes } from "./routes/page.js";
import { pinRoutes } from "./routes/pin.js";
import { streamRoutes } from "./routes/streams.js";
import { whepRoutes } from "./routes/whep.js";
import { securityHeaders } from "./security-headers.js";
import type { ServerContext, ServerEnv } from "./server-env.js";
import { ServerStatistics } from "./server-statistics.js";
import type { StreamEvents } from "./stream-events.js";
import type { StreamHost } from "./stream-host.js";
import type { ViewerSessions } from "./viewer-sessions.js";

const METHODS = ["GET", "HEAD", "OPTIONS"];

/** What the routes work on. */
export interface AppParts {
  readonly host: StreamHost;
  readonly access: AccessControl;
  readonly hostNames: HostNames;
  readonly page: Page;
  readonly viewers: ViewerSessions;
  readonly events: StreamEvents;
  /** Learns of errors that nobody foresaw; the client gets a bare 500. */
  readonly onError: (error: unknown) => void;
}

/** Puts the routes together, behind the guard. */
export function createApp({ host, access, hostNames, page, viewers, events, onError }: AppParts): Hono<ServerEnv> {
  const statistics = new ServerStatistics();
  const app = new Hono<ServerEnv>();
  app.notFound((c) => c.body(null, 404));
  app.onError((error, c) => {
    onError(error);
    return c.body(null, 500);
  });
  app.use(async (c, next) => {
    await next();
    statistics.responded(c.req.method, c.res.status);
  });
  app.use(securityHeaders);
  app.use(guard({ access, hostNames, onRefused: (reason) => statistics.refused(reason) }));

  if (access instanceof PinAccess) app.route(PIN_PATH, pinRoutes(access));
  app.route("/api", streamRoutes(host, events));
  app.route("/whep", whepRoutes({ viewers, sessionQuery: (c) => sessionQuery(c, access) }));
  app.get("/health", (c) => c.json({ status: "ok" }));
  app.get("/metrics", (c) => {
    const own = statistics.metrics({ viewerSessions: viewers.count, eventClients: events.count });
    return c.body(formatMetrics([...host.metrics(), ...own]), 200, { "Content-Type": METRICS_TYPE });
  });
  for (const path of ["/health", "/metrics"]) {
    app.options(path, (c) => c.body(null, 204, { Allow: METHODS.join(", ") }));
    app.all(path, methodNotAllowed(METHODS));
  }
  app.route("/", pageRoutes(page));
  return app;
}

/** A client that came by a URL with the token has nothing else to show when it ends its session. */
function sessionQuery(c: ServerContext, access: AccessControl): string {
  return access instanceof TokenAccess && access.isInLink(c) ? `?token=${access.token}` : "";
}
