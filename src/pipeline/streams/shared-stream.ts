import { now } from "../../clock/index.js";
import {
  type DegradationPreference,
  type EncodedFrame,
  type Micros,
  type PointerState,
  SightlineError,
  type StillStore,
} from "../../core/index.js";
import {
  type EncodingInfo,
  MediaProcess,
  type MediaProcessEvent,
  type MediaStatistics,
  type OpenedInfo,
  type OpenRequest,
  type SourceInfo,
} from "../../media/index.js";
import type { EncodingFeed } from "./encoding-feed.js";
import type { EncodingId, EncodingSettings } from "./encodings.js";
import type { RtpViewer } from "./rtp-viewer.js";
import type { Rung } from "./rung-plan.js";
import { SharedPointer } from "./shared-pointer.js";
import { StreamEncodings } from "./stream-encodings.js";
import { ViewerRouting } from "./viewer-routing.js";

/** How often the viewers' paths are looked at. */
const RUNG_INTERVAL_MS = 100;

/** What a stream is made of. */
export interface SharedStreamOptions {
  /** Names the stream in links; unique within a share. */
  readonly id: string;
  readonly request: Omit<OpenRequest, "encodings">;
  readonly encodings: EncodingSettings;
  /** What is encoded from the start, so that what cannot be is known at once. */
  readonly initial: readonly EncodingId[];
  /** What encoders are set to before a path is known, in bits/s. */
  readonly startBps: number;
  /** The most that a camera's pictures take, whose bitrate is what they are coded to. Default: what paths carry. */
  readonly cameraBps?: number;
  /** What gives way on a path that carries too little for the picture. Default: by profile. */
  readonly degradation?: DegradationPreference;
  /** Where what is still is kept for all viewers; absent: nobody is sent any. */
  readonly stills?: StillStore;
  /** Where it is kept what the mouse pointer does. Default: a state of its own. */
  readonly pointer?: PointerState;
}

/** What a stream tells the share that it belongs to. */
export interface StreamHandlers {
  /** A frame was encoded; viewers have it already. */
  frame(encoding: EncodingId, frame: EncodedFrame): void;
  /** The picture has another size, or encoding was begun anew. */
  changed(): void;
  restarted(reason: string): void;
  warning(message: string): void;
  /** The source has ended; with an error if it should not have. */
  ended(error?: SightlineError): void;
}

/** One source on its way to its viewers: captured in a process of its own, encoded once a rung, handed to all. */
export class SharedStream {
  readonly id: string;
  private readonly options: SharedStreamOptions;
  private readonly handlers: StreamHandlers;
  private readonly encodings: StreamEncodings;
  private readonly routing = new ViewerRouting<RtpViewer>({
    pathOf: ({ path }) => path,
    onRoute: (viewer, encoding) => this.send(viewer, encoding),
  });
  private readonly sharedPointer: SharedPointer;
  private readonly rungTimer: NodeJS.Timeout;
  private media: MediaProcess | undefined;
  private opened: OpenedInfo | undefined;
  private mediaStatistics: MediaStatistics | undefined;
  private dropped = 0;

  private constructor(options: SharedStreamOptions, handlers: StreamHandlers) {
    this.options = options;
    this.id = options.id;
    this.sharedPointer = new SharedPointer(options.pointer);
    this.handlers = handlers;
    const { encodings: settings, request, initial, startBps, cameraBps, degradation } = options;
    this.encodings = new StreamEncodings({
      settings,
      initial,
      startBps,
      ...(cameraBps !== undefined && { cameraBps }),
      ...(degradation !== undefined && { degradation }),
      ...(request.size !== undefined && { size: request.size }),
      media: () => this.media,
    });
    this.rungTimer = setInterval(() => this.followPaths(), RUNG_INTERVAL_MS);
  }

  /**
   * Opens the source and its first encodings.
   *
   * @throws SightlineError `not-found`, `unsupported`, … when one of them cannot be opened
   */
  static async open(options: SharedStreamOptions, handlers: StreamHandlers): Promise<SharedStream> {
    const stream = new SharedStream(options, handlers);
    try {
      await stream.start();
    } catch (error) {
      await stream.close();
      throw error;
    }
    return stream;
  }

  /** The source, at its present size. */
  get source(): SourceInfo {
    return this.opened!.source;
  }

  /** How its pictures are encoded for most viewers: the largest of the encodings that were opened. */
  get mainEncoding(): EncodingInfo {
    return this.encodings.main;
  }

  /**
   * How finely colour can be sampled, the better choice first. Coloured text wants a sample for each pixel, which is not worth its
   * cost for a camera's pictures; and hardware encoders do not have it.
   */
  get chromas(): readonly ("444" | "420")[] {
    const { content } = this.source;
    return content === "screen" && this.mainEncoding.encoderName === "libx264" ? ["444", "420"] : ["420"];
  }

  /** The size at which most viewers get the picture, and the most frames a second; less than in full where a path is thin. */
  get picture(): { readonly width: number; readonly height: number; readonly fps: number } {
    return this.encodings.picture;
  }

  /** Pictures dropped since the start because the encoder or the network was busy. */
  get framesDropped(): number {
    return this.dropped;
  }

  /** How the last second went; undefined before there was one. */
  get lastSecond(): MediaStatistics | undefined {
    return this.mediaStatistics;
  }

  /** The feed of an encoding, which is opened when somebody joins it and closed when nobody has wanted it for a while. */
  feed(id: EncodingId): EncodingFeed {
    return this.encodings.feed(id);
  }

  /** A viewer begins to be sent the stream, by `top` while its path carries that. */
  addViewer(viewer: RtpViewer, top: EncodingId): void {
    this.routing.add(now(), viewer, top);
    this.followPointer();
  }

  /** A viewer turns out to take another encoding: it is sent that by `top` while its path carries it. */
  changeTop(viewer: RtpViewer, top: EncodingId): void {
    this.routing.changeTop(viewer, top);
  }

  /** A viewer has left. */
  removeViewer(viewer: RtpViewer): void {
    this.routing.remove(viewer);
    this.sharedPointer.remove(viewer);
    this.followPointer();
    viewer.follow(undefined);
  }

  /** The mouse pointer, for those who send it to viewers. */
  get pointer(): PointerState {
    return this.sharedPointer.state;
  }

  /** A viewer draws the pointer itself. Once all do, it is taken out of the picture. */
  streamPointer(viewer: RtpViewer): void {
    this.sharedPointer.add(viewer);
    this.followPointer();
  }

  /** What is still, for those who send the stream to viewers; undefined if nobody is to be sent any. */
  get stills(): StillStore | undefined {
    return this.options.stills;
  }

  /** A viewer can show still tiles: they are watched for from now on. */
  watchStills(): void {
    if (this.options.stills !== undefined) this.media?.watchStills(true);
  }

  /** The rung that a viewer takes. */
  rungOf(viewer: RtpViewer): Rung {
    return this.routing.rungOf(viewer);
  }

  /** What the stream carries at present, in bits/s: where a further viewer may begin. */
  get actualBps(): number {
    return this.encodings.actualBps;
  }

  /** Ends capturing and encoding; viewers are left to their owners. */
  async close(): Promise<void> {
    clearInterval(this.rungTimer);
    this.encodings.stop();
    await this.media?.close();
  }

  private start(): Promise<void> {
    const { request } = this.options;
    return new Promise((resolve, reject) => {
      this.media = MediaProcess.start({
        request: { ...request, encodings: this.encodings.initialRequests() },
        onEvent: (event) => {
          if (event.kind === "ended" && this.opened === undefined) {
            reject(
              event.error ?? new SightlineError("source-lost", `${request.source} ended before its first picture`),
            );
          } else this.handleMedia(event);
          if (event.kind === "opened") resolve();
        },
      });
    });
  }

  private handleMedia(event: MediaProcessEvent): void {
    switch (event.kind) {
      case "frame":
        this.encodings.deliver(event.encoding as EncodingId, event.frame);
        this.handlers.frame(event.encoding as EncodingId, event.frame);
        break;
      case "pointer-shape":
        this.pointer.addShape(event);
        break;
      case "pointer":
        this.sharedPointer.tell(event);
        break;
      case "tiles-changed":
        this.options.stills?.change(event.change);
        this.tellOfStills(event.change.captureTime);
        break;
      case "still":
        this.options.stills?.add(event.still);
        this.tellOfStills(event.still.asOf);
        break;
      case "opened":
        this.opened = event.info;
        this.encodings.onOpened(event.info);
        this.handlers.changed();
        break;
      case "encoding-opened":
        this.encodings.onEncodingOpened(event.info);
        break;
      case "encoding-closed":
        break;
      case "encoding-failed":
        this.replaceFailed(event.encoding as EncodingId, event.error);
        break;
      case "statistics":
        this.mediaStatistics = event.statistics;
        this.dropped += event.statistics.framesDropped;
        break;
      case "restarted":
        this.handlers.restarted(event.reason);
        break;
      case "ended":
        this.handlers.ended(event.error);
        break;
    }
  }

  private followPointer(): void {
    if (this.options.request.pointer !== "stream") return;
    const isStreamed = this.sharedPointer.isDrawnBy(this.routing.count);
    this.media?.setPointerMode(isStreamed ? "stream" : "burn");
    if (!isStreamed) this.sharedPointer.tell(undefined);
  }

  private tellOfStills(captureTime: Micros): void {
    for (const viewer of this.routing.viewers()) viewer.stillsChanged(captureTime);
  }

  private send(viewer: RtpViewer, encoding: EncodingId): void {
    viewer.pauseStills(encoding === "low");
    viewer.follow(this.feed(encoding));
  }

  private replaceFailed(id: EncodingId, error: SightlineError): void {
    const message = `${error.message}; viewers get another encoding instead`;
    if (this.routing.replace(id)) this.handlers.warning(message);
    else this.handlers.ended(error);
  }

  private followPaths(): void {
    this.encodings.degrade();
    const { busiestMain } = this.encodings;
    if (busiestMain !== undefined) this.routing.followPaths(now(), busiestMain);
  }
}
