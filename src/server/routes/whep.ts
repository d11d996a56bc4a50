import { Hono } from "hono";
import { methodNotAllowed } from "../method-not-allowed.js";
import { problem, problemFrom } from "../problem.js";
import { type BodyText, mediaType, readText } from "../request-body.js";
import { remoteAddress, type ServerContext, type ServerEnv } from "../server-env.js";
import type { ViewerClient, ViewerSession } from "../stream-host.js";
import type { OpenViewer, ViewerSessions } from "../viewer-sessions.js";
import { ifMatch, quoted } from "./entity-tag.js";

const SDP = "application/sdp";
const SDP_FRAGMENT = "application/trickle-ice-sdpfrag";
/** Chromium's offer for one video and data channels has 6 kB; a malicious one is as long as it may be. */
const MAX_SDP_BYTES = 64 * 1_024;
const MAX_USER_AGENT = 200;
/** How long a client that has too many sessions should wait, in seconds: those that vanished end within it. */
const CROWDED_RETRY_AFTER_S = 30;

const ENDPOINT_METHODS = ["POST", "GET", "HEAD", "OPTIONS"];
const SESSION_METHODS = ["PATCH", "DELETE", "GET", "HEAD", "OPTIONS"];

/** What {@link whepRoutes} needs. */
export interface WhepOptions {
  readonly viewers: ViewerSessions;
  /** What follows a session's path in its URL: the proof of access, for clients that have nothing but URLs. */
  readonly sessionQuery: (c: ServerContext) => string;
}

/**
 * The WebRTC-HTTP Egress Protocol (draft-ietf-wish-whep-03): `/STREAM` takes offers, `/STREAM/SESSION` is one viewer.
 *
 * Two things differ from the draft on purpose: strangers' pages get no CORS headers, and an offer that cannot be answered gets 422
 * rather than a counter-offer.
 */
export function whepRoutes({ viewers, sessionQuery }: WhepOptions): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();

  routes.use("/:stream", async (c, next) => {
    if (!viewers.hasStream(c.req.param("stream"))) return problem(c, 404, "there is no such stream");
    await next();
  });
  routes.post("/:stream", async (c) => {
    if (mediaType(c) !== SDP) return problem(c, 415, `an offer has the type ${SDP}`, { "Accept-Post": SDP });
    const body = await readText(c, { maxBytes: MAX_SDP_BYTES });
    if (body.kind !== "text") return bodyProblem(c, body);
    if (viewers.hasAllItMay(remoteAddress(c))) return tooMany(c);
    const stream = c.req.param("stream");
    try {
      const session = await viewers.open(stream, body.text, clientOf(c));
      endWithRequest(c, session);
      return c.body(session.answerSdp, 201, {
        "Content-Type": SDP,
        Location: `/whep/${encodeURIComponent(stream)}/${encodeURIComponent(session.id)}${sessionQuery(c)}`,
        ETag: quoted(session.etag),
        "Accept-Patch": SDP_FRAGMENT,
      });
    } catch (error) {
      return problemFrom(c, error);
    }
  });
  routes.get("/:stream", (c) => c.body(null, 204));
  routes.options("/:stream", (c) => c.body(null, 200, { Allow: ENDPOINT_METHODS.join(", "), "Accept-Post": SDP }));
  routes.all("/:stream", methodNotAllowed(ENDPOINT_METHODS));

  routes.use("/:stream/:session", async (c, next) => {
    if (!viewerOf(c, viewers)) return problem(c, 404, "this session has ended");
    await next();
  });
  routes.patch("/:stream/:session", (c) => patch(c, viewerOf(c, viewers)));
  routes.delete("/:stream/:session", async (c) => {
    await viewerOf(c, viewers)?.session.close();
    return c.body(null, 200);
  });
  routes.get("/:stream/:session", (c) => c.body(null, 204));
  routes.options("/:stream/:session", (c) =>
    c.body(null, 200, { Allow: SESSION_METHODS.join(", "), "Accept-Patch": SDP_FRAGMENT }),
  );
  routes.all("/:stream/:session", methodNotAllowed(SESSION_METHODS));
  return routes;
}

/** Candidates, or a restart of ICE (§4.3.1 to §4.3.3). */
async function patch(c: ServerContext, viewer: OpenViewer | undefined): Promise<Response> {
  if (!viewer) return problem(c, 404, "this session has ended");
  if (mediaType(c) !== SDP_FRAGMENT) {
    return problem(c, 415, `candidates have the type ${SDP_FRAGMENT}`, { "Accept-Patch": SDP_FRAGMENT });
  }
  const precondition = ifMatch(c.req.header("if-match"), viewer.etag);
  if (precondition === "absent") return problem(c, 428, "If-Match must name the ICE session that is meant");
  if (precondition === "fails") return problem(c, 412, "ICE was restarted since: that ICE session is gone");
  const body = await readText(c, { maxBytes: MAX_SDP_BYTES });
  if (body.kind !== "text") return bodyProblem(c, body);
  try {
    const meant = precondition === "any" ? undefined : viewer.etag;
    const { sdpFragment, etag } = await viewer.session.patch(body.text, meant);
    viewer.etag = etag;
    if (sdpFragment === undefined) return c.body(null, 204);
    return c.body(sdpFragment, 200, { "Content-Type": SDP_FRAGMENT, ETag: quoted(etag) });
  } catch (error) {
    return problemFrom(c, error);
  }
}

/** Ends a session whose URL never reached anybody, because the client went away before the answer did. */
function endWithRequest(c: ServerContext, session: ViewerSession): void {
  const { outgoing } = c.env;
  if (outgoing.destroyed) void session.close();
  else outgoing.once("close", () => outgoing.writableFinished || void session.close());
}

function viewerOf(c: ServerContext, viewers: ViewerSessions): OpenViewer | undefined {
  return viewers.find(c.req.param("stream") ?? "", c.req.param("session") ?? "");
}

function clientOf(c: ServerContext): ViewerClient {
  const userAgent = c.req.header("user-agent")?.slice(0, MAX_USER_AGENT);
  return { remote: remoteAddress(c), ...(userAgent === undefined ? {} : { userAgent }) };
}

/** RFC 6585 §4. */
function tooMany(c: ServerContext): Response {
  const title = "your address has as many sessions as one may have: end one of them first";
  return problem(c, 429, title, { "Retry-After": String(CROWDED_RETRY_AFTER_S) });
}

function bodyProblem(c: ServerContext, { kind }: Exclude<BodyText, { kind: "text" }>): Response {
  if (kind === "broken") return problem(c, 400, "the body is not UTF-8");
  return problem(c, 413, `the body is longer than ${MAX_SDP_BYTES} bytes`, { Connection: "close" });
}
