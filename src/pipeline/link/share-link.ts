import { SightlineError } from "../../core/index.js";
import { type Announced, announce, keepToken, keptToken, publishOwnLink } from "../../discovery/index.js";
import { type AccessOptions, type LinkServer, startServer } from "../../server/index.js";
import { UdpMux } from "../../transport/index.js";
import type { LinkInfo, LinkOptions, ShareEvent, ShareStatistics, ViewerStatistics } from "../share-types.js";
import { type HostedStream, LinkHost } from "./link-host.js";

const DEFAULT_PORT = 8_080;
const PAGE_FOLDER = new URL("../../web/", import.meta.url);

/** Options of {@link ShareLink.open}. */
export interface ShareLinkOptions {
  readonly link: LinkOptions;
  readonly streams: readonly HostedStream[];
  /** The most that one viewer's video may take, in bits/s. */
  readonly bitrateBps: number;
  readonly onEvent: (event: ShareEvent) => void;
  readonly statistics: () => ShareStatistics;
}

/** A share's link: the server that it leads to, and the viewers that came by it. */
export class ShareLink {
  readonly info: LinkInfo;
  private readonly host: LinkHost;
  private readonly server: LinkServer;
  private readonly mux: UdpMux;
  private readonly forgetOwnLink: () => void;
  private readonly releaseToken: (() => void) | undefined;
  private readonly announced: Announced | undefined;

  private constructor(host: LinkHost, server: LinkServer, mux: UdpMux, link: LinkOptions) {
    this.host = host;
    this.server = server;
    this.mux = mux;
    const { port, access, pin, token, certificateFingerprint } = server;
    this.info = {
      urls: server.links(),
      port,
      access,
      ...(pin !== undefined && { pin }),
      ...(certificateFingerprint !== undefined && { certificateFingerprint }),
    };
    const streams = host.streams().map(({ name }) => name);
    const url = this.info.urls.at(-1)!; // localhost
    this.forgetOwnLink = publishOwnLink({ url, streams, ...(pin !== undefined && { pin }) });
    this.releaseToken = token === undefined ? undefined : keepToken(port, token);
    const { announce: isAnnounced = true, tls } = link;
    this.announced = isAnnounced ? announce({ port, access, tls: tls !== undefined, streams }) : undefined;
  }

  /**
   * Opens the server.
   *
   * @throws SightlineError `in-use` if the port that was asked for is taken, or no UDP port can be opened; `invalid-argument` for a certificate or PIN that
   *   cannot be used
   */
  static async open({ link, ...hosted }: ShareLinkOptions): Promise<ShareLink> {
    const host = new LinkHost(hosted);
    const server = await startServer({
      host,
      port: link.port ?? DEFAULT_PORT,
      strictPort: link.port !== undefined,
      access: accessOf(link),
      pageFolder: PAGE_FOLDER,
      onError: (error) => hosted.onEvent({ kind: "warning", message: requestFailure(error) }),
      ...(link.tls !== undefined && { tls: link.tls }),
      ...(link.maxViewers !== undefined && { maxViewers: link.maxViewers }),
    });
    const mux = await openUdpPort(server.port).catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
    host.mux = mux;
    return new ShareLink(host, server, mux, link);
  }

  /** How each viewer fares. */
  viewerStatistics(): ViewerStatistics[] {
    return this.host.viewerStatistics();
  }

  /** A stream has another size. */
  changed(): void {
    this.host.changed();
  }

  /** Says goodbye to the viewers and closes the port. */
  async close(): Promise<void> {
    this.forgetOwnLink();
    this.releaseToken?.();
    await Promise.all([this.announced?.close(), this.host.close()]);
    await this.server.close();
    this.mux.close();
  }
}

/** The same number as the server's TCP port, so that one line in a firewall lets all in; another one if that is taken. */
async function openUdpPort(port: number): Promise<UdpMux> {
  try {
    return await UdpMux.open(port);
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    return UdpMux.open();
  }
}

function requestFailure(error: unknown): string {
  return `a request to the link failed, please report it: ${error instanceof Error ? error.message : String(error)}`;
}

function accessOf({ access = "token", pin, newLink = false }: LinkOptions): AccessOptions {
  if (access === "pin") return { kind: "pin", ...(pin !== undefined && { pin }) };
  return access === "token" && !newLink ? { kind: "token", token: keptToken } : { kind: access };
}
