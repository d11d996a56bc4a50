import { randomUUID } from "node:crypto";
import { SightlineError } from "../../src/core/index.js";
import type {
  MetricFamily,
  StreamDescription,
  StreamHost,
  ViewerClient,
  ViewerSession,
} from "../../src/server/index.js";

/** A stream for tests. */
export const SCREEN: StreamDescription = {
  id: "screen",
  name: "Secret plans",
  kind: "screen",
  width: 1_920,
  height: 1_080,
  fps: 30,
  viewers: 0,
};

/** Answers every offer, and remembers what it was asked. */
export class FakeStreamHost implements StreamHost {
  list: readonly StreamDescription[] = [SCREEN];
  families: readonly MetricFamily[] = [];
  readonly sessions: FakeSession[] = [];
  readonly clients: ViewerClient[] = [];
  readonly listeners = new Set<() => void>();
  /** What answers an offer: replace it to have it refused. */
  answer: (streamId: string, offerSdp: string) => Promise<string> = async () => "v=0\r\n";
  /** What looks at a session's fragments: replace it to have them refused. */
  patch: (sdpFragment: string) => void = () => {};

  streams(): readonly StreamDescription[] {
    return this.list;
  }

  async openViewer(streamId: string, offerSdp: string, client: ViewerClient): Promise<ViewerSession> {
    const answerSdp = await this.answer(streamId, offerSdp);
    this.clients.push(client);
    const session = new FakeSession(answerSdp, (fragment) => this.patch(fragment));
    this.sessions.push(session);
    return session;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  metrics(): readonly MetricFamily[] {
    return this.families;
  }

  /** Has other streams from now on. */
  become(list: readonly StreamDescription[]): void {
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}

/** A session that takes what the host takes; a fragment with `a=ice-pwd:new` restarts ICE, one without `a=` is malformed. */
export class FakeSession implements ViewerSession {
  readonly id = randomUUID();
  readonly etag = "ice-1";
  readonly answerSdp: string;
  readonly closed: Promise<void>;
  readonly patches: { readonly sdpFragment: string; readonly etag: string | undefined }[] = [];
  isClosed = false;
  private readonly check: (sdpFragment: string) => void;
  private end: () => void = () => {};

  constructor(answerSdp: string, check: (sdpFragment: string) => void) {
    this.answerSdp = answerSdp;
    this.check = check;
    this.closed = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  async patch(sdpFragment: string, etag?: string): Promise<{ sdpFragment?: string; etag: string }> {
    if (!sdpFragment.includes("a=")) throw new SightlineError("invalid-data", "no SDP fragment");
    this.check(sdpFragment);
    this.patches.push({ sdpFragment, etag });
    return sdpFragment.includes("a=ice-pwd:new")
      ? { sdpFragment: "a=ice-ufrag:2\r\n", etag: "ice-2" }
      : { etag: etag ?? "ice-1" };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.end();
  }
}
