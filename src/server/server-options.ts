import type { StreamHost } from "./stream-host.js";

/** Whom the server lets in. */
export type AccessOptions =
  /**
   * Whoever has the link: it carries an unguessable token. `token`: 22 or more of `A-Z a-z 0-9 _ -`, or what tells it once the
   * port is known; made when absent.
   */
  | { readonly kind: "token"; readonly token?: string | ((port: number) => string | undefined) }
  /** Everybody who reaches the port: for trusted networks. */
  | { readonly kind: "open" }
  /** Whoever types six digits; tries are limited. `pin` is drawn when absent. */
  | { readonly kind: "pin"; readonly pin?: string };

/** A certificate chain and its key, both PEM. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** What {@link startServer} needs. */
export interface ServerOptions {
  /** Has the streams. */
  readonly host: StreamHost;
  /** TCP port; 0 for any. A taken one is stepped over (up to 20 further ones are tried), unless `strictPort`. */
  readonly port: number;
  /** Fail with `in-use` instead of taking another port: for a port that the user named. Default false. */
  readonly strictPort?: boolean;
  /** Address to listen on; by default every IPv4 and IPv6 address of the machine. */
  readonly bindAddress?: string;
  readonly access: AccessOptions;
  /** HTTPS with these files' contents, or with a certificate of our own that is made on first use and kept. Default: HTTP. */
  readonly tls?: TlsFiles | "self-signed";
  /** Folder with the built page: `index.html` and `assets/`. */
  readonly pageFolder: URL | string;
  /** Viewers at once, all streams together. Default 100. */
  readonly maxViewers?: number;
  /** Further names under which the server is reached, for example a proxy's; requests under other names are turned away. */
  readonly hostNames?: readonly string[];
  /** Learns of errors that nobody foresaw; the client gets a bare 500. */
  readonly onError?: (error: unknown) => void;
}

/** A server that runs. */
export interface LinkServer {
  /** The port it got. */
  readonly port: number;
  /** Who is let in. */
  readonly access: AccessOptions["kind"];
  /** With access `token`: the token, as it stands in the links. */
  readonly token?: string;
  /** With access `pin`: the six digits. */
  readonly pin?: string;
  /** With TLS: SHA-256 of the certificate, as browsers show it (`AB:CD:…`). */
  readonly certificateFingerprint?: string;
  /** The link under each of the machine's addresses, the one most likely to be reached by others first, localhost last. */
  links(): string[];
  /** Ends every session and connection, at once; closing twice is no error. */
  close(): Promise<void>;
}
