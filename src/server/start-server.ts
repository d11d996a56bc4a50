import { X509Certificate } from "node:crypto";
import type { Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { SightlineError } from "../core/index.js";
import { type AccessControl, OPEN_ACCESS } from "./access/access-control.js";
import { HostNames } from "./access/host-names.js";
import { PinAccess } from "./access/pin-access.js";
import { SessionCookie } from "./access/session-cookie.js";
import { TokenAccess } from "./access/token-access.js";
import { createApp } from "./app.js";
import { linksTo } from "./listener/links.js";
import { listen } from "./listener/listen.js";
import { defaultRouteAddress, machineAddresses } from "./listener/machine-addresses.js";
import { machineNames, selfSignedCertificate } from "./listener/self-signed.js";
import { Page } from "./page.js";
import type { AccessOptions, LinkServer, ServerOptions, TlsFiles } from "./server-options.js";
import { StreamEvents } from "./stream-events.js";
import { ViewerSessions } from "./viewer-sessions.js";

const MAX_VIEWERS = 100;
/** One client leaves others this part of the sessions; a house behind one address still gets some. */
const CLIENT_PART = { most: 0.5, least: 20 };
/** A viewer's page listens once; a few more look on. */
const EVENT_CLIENTS_PER_VIEWER = 2;

/**
 * Serves the viewer page, WHEP and the streams' state over HTTP, or HTTPS.
 *
 * @throws SightlineError `in-use` if no port is free, `invalid-argument` for options that cannot be used
 */
export async function startServer(options: ServerOptions): Promise<LinkServer> {
  const { host, bindAddress, strictPort = false, maxViewers = MAX_VIEWERS } = options;
  const preferred = await defaultRouteAddress();
  const [page, tls] = await Promise.all([Page.load(options.pageFolder), tlsFiles(options.tls, preferred)]);
  const certificate = tls && readCertificate(tls);
  const { server, port } = await listen({ port: options.port, strictPort, bindAddress, tls });

  try {
    const access = createAccess(options.access, port, new SessionCookie({ port, secure: tls !== undefined }));
    const ofOne = Math.max(CLIENT_PART.least, Math.floor(maxViewers * CLIENT_PART.most));
    const viewers = new ViewerSessions(host, { inAll: maxViewers, ofOne });
    const events = new StreamEvents(host, { limit: maxViewers * EVENT_CLIENTS_PER_VIEWER });
    const hostNames = new HostNames(options.hostNames ?? [], certificate);
    const app = createApp({ host, access, hostNames, page, viewers, events, onError: options.onError ?? (() => {}) });
    server.on("request", getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler: unreadable }));
    const token = access instanceof TokenAccess ? access.token : undefined;
    let closing: Promise<void> | undefined;
    return {
      port,
      access: access.kind,
      ...(token === undefined ? {} : { token }),
      ...(access instanceof PinAccess ? { pin: access.pin } : {}),
      ...(certificate ? { certificateFingerprint: certificate.fingerprint256 } : {}),
      links: () => linksTo(machineAddresses(preferred), { port, secure: tls !== undefined, token, bindAddress }),
      close: () => {
        closing ??= closeAll({ server, viewers, events });
        return closing;
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

async function tlsFiles(tls: ServerOptions["tls"], preferred: string | undefined): Promise<TlsFiles | undefined> {
  if (tls !== "self-signed") return tls;
  return selfSignedCertificate({ names: machineNames(machineAddresses(preferred)), today: new Date() });
}

function readCertificate({ certificate }: TlsFiles): X509Certificate {
  try {
    return new X509Certificate(certificate);
  } catch (cause) {
    throw new SightlineError("invalid-argument", "the certificate cannot be read: it must be PEM", { cause });
  }
}

function createAccess(options: AccessOptions, port: number, cookie: SessionCookie): AccessControl {
  if (options.kind === "token") {
    const { token } = options;
    return new TokenAccess(typeof token === "function" ? token(port) : token, cookie);
  }
  return options.kind === "pin" ? new PinAccess(options.pin, cookie) : OPEN_ACCESS;
}

/** A request of which not even the URL can be read. */
function unreadable(): Response {
  return new Response(null, { status: 400 });
}

async function closeAll(parts: { server: Server; viewers: ViewerSessions; events: StreamEvents }): Promise<void> {
  const { server, viewers, events } = parts;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  events.close();
  await viewers.close();
  server.closeAllConnections();
  await closed;
}
