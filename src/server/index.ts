export type { AccessOptions, LinkServer, ServerOptions } from "./server-options.js";
export { startServer } from "./start-server.js";
export type {
  MetricFamily,
  MetricSample,
  StreamDescription,
  StreamHost,
  ViewerClient,
  ViewerSession,
} from "./stream-host.js";
