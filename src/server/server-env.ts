import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/** What Hono is told of our requests: they come from node:http. */
export interface ServerEnv {
  readonly Bindings: HttpBindings;
}

/** One request of ours. */
export type ServerContext = Context<ServerEnv>;

/** The other end's address; IPv4 in its own form also on a dual-stack socket. */
export function remoteAddress(c: ServerContext): string {
  return (c.env.incoming.socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}

/** Methods that change nothing (RFC 9110 §9.2.1). */
export function isSafeMethod(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}
