import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { SightlineError } from "../../core/index.js";
import type { TlsFiles } from "../server-options.js";

/** Ports tried after one that is taken. */
const FURTHER_PORTS = 20;
const MAX_HEADER_BYTES = 16 * 1_024;
/** A browser sends its whole head in one packet; who takes longer wants to hold a socket (slow loris). */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 20_000;
/** How often these two are looked at; Node's own 30 s would be the real limit. */
const CHECK_INTERVAL_MS = 5_000;
const KEEP_ALIVE_MS = 30_000;
/** Sockets on which nothing moves; twice the heartbeat of server-sent events fits in. */
const IDLE_TIMEOUT_MS = 60_000;
/** A hundred browsers with six connections each fit in. */
const MAX_CONNECTIONS = 1_024;

/** What {@link listen} needs. */
export interface ListenOptions {
  readonly port: number;
  readonly strictPort: boolean;
  readonly bindAddress?: string | undefined;
  readonly tls?: TlsFiles | undefined;
}

/** A server that listens, and where. */
export interface Listening {
  readonly server: Server;
  readonly port: number;
}

/**
 * Opens the first free port.
 *
 * @throws SightlineError `in-use` if none is free, `invalid-argument` if the address or certificate cannot be used, `unreachable`
 *   if the system does not allow it
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { port, strictPort, bindAddress } = options;
  const last = port === 0 || strictPort ? port : Math.min(port + FURTHER_PORTS, 65_535);
  for (let candidate = port; ; candidate++) {
    const server = createListener(options.tls);
    try {
      return { server, port: await listenOn(server, candidate, bindAddress) };
    } catch (cause) {
      if (codeOf(cause) === "EADDRINUSE" && candidate < last) continue;
      throw listenError(cause, { first: port, last, bindAddress });
    }
  }
}

function createListener(tls: TlsFiles | undefined): Server {
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  };
  const server = tls ? createTlsListener(tls, limits) : createServer(limits);
  server.timeout = IDLE_TIMEOUT_MS;
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

function createTlsListener({ certificate, key }: TlsFiles, limits: object): Server {
  try {
    return createSecureServer({
      ...limits,
      cert: certificate,
      key,
      minVersion: "TLSv1.2",
      handshakeTimeout: HEADERS_TIMEOUT_MS,
    });
  } catch (cause) {
    throw new SightlineError(
      "invalid-argument",
      "the certificate or its key cannot be used: both must be PEM, and belong together",
      { cause },
    );
  }
}

function listenOn(server: Server, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function listenError(
  cause: unknown,
  { first, last, bindAddress }: { first: number; last: number; bindAddress?: string | undefined },
): SightlineError {
  const code = codeOf(cause);
  if (code === "EADDRINUSE") {
    const ports = first === last ? `port ${first} is` : `the ports ${first} to ${last} are all`;
    return new SightlineError("in-use", `${ports} in use: choose another one`, { cause });
  }
  if (code === "EACCES") {
    return new SightlineError("unreachable", `port ${first} needs privileges: choose one above 1023`, { cause });
  }
  const where = bindAddress ?? "this machine";
  return new SightlineError("invalid-argument", `cannot listen on ${where}: it is no address of this machine`, {
    cause,
  });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
