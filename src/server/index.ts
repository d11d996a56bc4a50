export type { AccessOptions, LinkServer, ServerOptions, TlsFiles } from "./server-options.js";
export { startServer } from "./start-server.js";
export type {
  MetricFamily,
  MetricSample,
  StreamDescription,
  StreamHost,
  StreamKind,
  ViewerClient,
  ViewerSession,
} from "./stream-host.js";
