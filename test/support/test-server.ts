import { onTestFinished } from "vitest";
import { type LinkServer, type ServerOptions, startServer } from "../../src/server/index.js";
import { FakeStreamHost } from "./fake-stream-host.js";
import { type HttpRequest, type HttpResponse, httpRequest } from "./http-request.js";

/** A token that is long enough. */
export const TOKEN = "test-token-of-22-characters";
/** A proof of access for requests that are about something else. */
export const BEARER = { Authorization: `Bearer ${TOKEN}` } as const;

/** A server on a port of its own that ends with the test. */
export interface TestServer {
  readonly server: LinkServer;
  readonly host: FakeStreamHost;
  /** What it reported with `onError`. */
  readonly errors: unknown[];
  /** Sends a request to it. */
  send(request: Omit<HttpRequest, "port">): Promise<HttpResponse>;
}

/** Starts a server with a {@link FakeStreamHost} on a free port; access by {@link TOKEN} unless told otherwise. */
export async function startTestServer(
  options: Partial<ServerOptions> = {},
  host: FakeStreamHost = new FakeStreamHost(),
): Promise<TestServer> {
  const errors: unknown[] = [];
  const server = await startServer({
    host,
    port: 0,
    access: { kind: "token", token: TOKEN },
    pageFolder: "/nowhere",
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(() => server.close());
  return { server, host, errors, send: (request) => httpRequest({ port: server.port, ...request }) };
}
