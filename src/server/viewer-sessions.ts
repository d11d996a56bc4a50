import { SightlineError } from "../core/index.js";
import type { StreamHost, ViewerClient, ViewerSession } from "./stream-host.js";

/** A session that runs, and the ICE session it is in. */
export interface OpenViewer {
  readonly session: ViewerSession;
  /** The entity tag that holds now; a restart of ICE brings a new one. */
  etag: string;
}

/** Keeps the sessions that run, each from the answered offer until it ends, and never more than are allowed. */
export class ViewerSessions {
  private readonly host: StreamHost;
  private readonly limit: number;
  private readonly viewers = new Map<string, OpenViewer>();
  /** Offers that are being answered: they count too. */
  private opening = 0;
  private isClosed = false;

  constructor(host: StreamHost, { limit }: { readonly limit: number }) {
    this.host = host;
    this.limit = limit;
  }

  /** Sessions that run. */
  get count(): number {
    return this.viewers.size;
  }

  /** Whether there is such a stream now. */
  hasStream(streamId: string): boolean {
    return this.host.streams().some(({ id }) => id === streamId);
  }

  /**
   * Answers an offer.
   *
   * @throws SightlineError as {@link StreamHost.openViewer}, and `unavailable` when no further session is allowed
   */
  async open(streamId: string, offerSdp: string, client: ViewerClient): Promise<ViewerSession> {
    if (!this.hasStream(streamId)) throw new SightlineError("not-found", "there is no such stream");
    if (this.isClosed || this.viewers.size + this.opening >= this.limit) {
      throw new SightlineError("unavailable", "there are too many viewers: try again when one has left");
    }
    this.opening++;
    try {
      const session = await this.host.openViewer(streamId, offerSdp, client);
      this.keep(keyOf(streamId, session.id), session);
      if (this.isClosed) await session.close();
      return session;
    } finally {
      this.opening--;
    }
  }

  /** The session behind a URL, if it still runs. */
  find(streamId: string, sessionId: string): OpenViewer | undefined {
    return this.viewers.get(keyOf(streamId, sessionId));
  }

  /** Ends every session, and whatever is still being answered. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled([...this.viewers.values()].map(({ session }) => session.close()));
  }

  private keep(key: string, session: ViewerSession): void {
    this.viewers.set(key, { session, etag: session.etag });
    const forget = () => this.viewers.delete(key);
    session.closed.then(forget, forget);
  }
}

function keyOf(streamId: string, sessionId: string): string {
  return `${streamId}/${sessionId}`;
}
