import { SightlineError } from "../core/index.js";
import type { LinkServer, ServerOptions } from "./server-options.js";

/**
 * Serves the viewer page, WHEP and the streams' state over HTTP.
 *
 * @throws SightlineError `in-use` if no port is free, `invalid-argument` for options that cannot be used
 */
export async function startServer(options: ServerOptions): Promise<LinkServer> {
  throw new SightlineError("unsupported", `the server on port ${options.port} cannot be started yet`);
}
