import { SightlineError } from "../core/index.js";
import { clientNetwork } from "./access/client-network.js";
import type { StreamHost, ViewerClient, ViewerSession } from "./stream-host.js";

/** How many sessions there may be. */
export interface SessionLimits {
  readonly inAll: number;
  /** Of one client, as {@link clientNetwork} tells them apart. */
  readonly ofOne: number;
}

/** A session that runs, and the ICE session it is in. */
export interface OpenViewer {
  readonly session: ViewerSession;
  /** The entity tag that holds now; a restart of ICE brings a new one. */
  etag: string;
}

/** Keeps the sessions that run, each from the answered offer until it ends, and never more than are allowed. */
export class ViewerSessions {
  private readonly host: StreamHost;
  private readonly limits: SessionLimits;
  private readonly viewers = new Map<string, OpenViewer>();
  /** How many each client has, offers that are being answered included. */
  private readonly held = new Map<string, number>();
  private isClosed = false;

  constructor(host: StreamHost, limits: SessionLimits) {
    this.host = host;
    this.limits = limits;
  }

  /** Sessions that run. */
  get count(): number {
    return this.viewers.size;
  }

  /** Whether there is such a stream now. */
  hasStream(streamId: string): boolean {
    return this.host.streams().some(({ id }) => id === streamId);
  }

  /** Whether the client at this address has as many sessions as one may have. */
  hasAllItMay(address: string): boolean {
    return (this.held.get(clientNetwork(address)) ?? 0) >= this.limits.ofOne;
  }

  /**
   * Answers an offer.
   *
   * @throws SightlineError as {@link StreamHost.openViewer}, and `unavailable` when no further session is allowed
   */
  async open(streamId: string, offerSdp: string, client: ViewerClient): Promise<ViewerSession> {
    if (!this.hasStream(streamId)) throw new SightlineError("not-found", "there is no such stream");
    const heldByAll = [...this.held.values()].reduce((sum, each) => sum + each, 0);
    if (this.isClosed || heldByAll >= this.limits.inAll || this.hasAllItMay(client.remote)) {
      throw new SightlineError("unavailable", "there are too many viewers: try again when one has left");
    }
    const release = this.hold(clientNetwork(client.remote));
    const opening = this.host.openViewer(streamId, offerSdp, client);
    opening.catch(release);
    const session = await opening;
    this.keep(keyOf(streamId, session.id), session, release);
    if (this.isClosed) await session.close();
    return session;
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

  private hold(client: string): () => void {
    this.held.set(client, (this.held.get(client) ?? 0) + 1);
    return () => {
      const left = (this.held.get(client) ?? 1) - 1;
      if (left === 0) this.held.delete(client);
      else this.held.set(client, left);
    };
  }

  private keep(key: string, session: ViewerSession, release: () => void): void {
    this.viewers.set(key, { session, etag: session.etag });
    const forget = () => {
      this.viewers.delete(key);
      release();
    };
    session.closed.then(forget, forget);
  }
}

function keyOf(streamId: string, sessionId: string): string {
  return `${streamId}/${sessionId}`;
}
