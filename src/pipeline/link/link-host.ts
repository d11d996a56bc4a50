import { randomBytes } from "node:crypto";
import { SightlineError } from "../../core/index.js";
import type { MetricFamily, StreamDescription, StreamHost, ViewerClient, ViewerSession } from "../../server/index.js";
import type { UdpMux } from "../../transport/index.js";
import type { ShareEvent, ShareStatistics, ViewerStatistics } from "../share-types.js";
import type { SharedStream } from "../streams/shared-stream.js";
import { linkMetrics } from "./link-metrics.js";
import { LinkViewer } from "./link-viewer.js";

/** A stream behind the link. */
export interface HostedStream {
  readonly name: string;
  readonly stream: SharedStream;
}

/** Options of {@link LinkHost}. */
export interface LinkHostOptions {
  readonly streams: readonly HostedStream[];
  /** The most that one viewer's video may take, in bits/s. */
  readonly bitrateBps: number;
  readonly onEvent: (event: ShareEvent) => void;
  /** How the share fares, for the metrics. */
  readonly statistics: () => ShareStatistics;
}

/** What the server serves: the share's streams, and a session for each viewer. */
export class LinkHost implements StreamHost {
  private readonly options: LinkHostOptions;
  private readonly cname = randomBytes(12).toString("base64");
  private readonly viewers = new Set<LinkViewer>();
  private readonly listeners = new Set<() => void>();
  private isClosed = false;
  /** The UDP port that all viewers share; until it is open, viewers are asked to come again. */
  mux: UdpMux | undefined;

  constructor(options: LinkHostOptions) {
    this.options = options;
  }

  /** {@inheritDoc StreamHost.streams} */
  streams(): readonly StreamDescription[] {
    return this.options.streams.map(({ name, stream }) => {
      const { kind, width, height, fps } = stream.source;
      return { id: stream.id, name, kind, width, height, fps, viewers: this.joined(stream).length };
    });
  }

  /** {@inheritDoc StreamHost.openViewer} */
  async openViewer(streamId: string, offerSdp: string, client: ViewerClient): Promise<ViewerSession> {
    const { streams, bitrateBps, onEvent } = this.options;
    const { mux } = this;
    if (mux === undefined)
      throw new SightlineError("unavailable", "The share is just starting: try again in a moment.");
    const stream = streams.find((each) => each.stream.id === streamId)?.stream;
    if (stream === undefined) throw new SightlineError("not-found", "There is no such stream.");
    const viewer = await LinkViewer.open(
      { stream, offerSdp, client, bitrateBps, cname: this.cname, mux },
      {
        joined: (info) => {
          onEvent({ kind: "viewer-joined", ...info });
          this.changed();
        },
        left: (info) => {
          onEvent({ kind: "viewer-left", ...info });
          this.changed();
        },
      },
    );
    this.viewers.add(viewer);
    void viewer.closed.then(() => this.viewers.delete(viewer));
    if (this.isClosed) await viewer.close();
    return viewer;
  }

  /** {@inheritDoc StreamHost.onChange} */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** {@inheritDoc StreamHost.metrics} */
  metrics(): readonly MetricFamily[] {
    return linkMetrics(this.options.statistics(), this.streams());
  }

  /** How each viewer fares. */
  viewerStatistics(): ViewerStatistics[] {
    return this.joined().map((viewer) => viewer.statistics());
  }

  /** A stream has another size, or somebody came or left. */
  changed(): void {
    for (const listener of this.listeners) listener();
  }

  /** Says goodbye to every viewer. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.viewers].map((viewer) => viewer.close()));
  }

  private joined(stream?: SharedStream): LinkViewer[] {
    return [...this.viewers].filter((viewer) => viewer.isJoined && (stream === undefined || viewer.stream === stream));
  }
}
