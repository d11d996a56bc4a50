import {
  type CodedStill,
  type DegradationLevel,
  type EncodedFrame,
  micros,
  type PictureChange,
  readTileSet,
  SightlineError,
  TileGrid,
} from "../../core/index.js";
import { type Child, type ChildExit, Link, type MessageOf, RestartBudget, startChild } from "../../ipc/index.js";
import type { PointerMode } from "../sources/pointer-tracker.js";
import type {
  EncodingInfo,
  EncodingRequest,
  FrameHeader,
  FromMediaProcess,
  KeyframeRequest,
  MediaStatistics,
  OpenedInfo,
  OpenRequest,
  PointerPosition,
  PointerShapeHeader,
  StillHeader,
  TilesChangedHeader,
  ToMediaProcess,
} from "./protocol.js";

/** What a media process tells its owner. */
export type MediaProcessEvent =
  /** Capturing has begun, or the picture has another size, or the process was restarted. */
  | { readonly kind: "opened"; readonly info: OpenedInfo }
  /** {@link MediaProcess.openEncoding} is done; its frames follow, a keyframe first. */
  | { readonly kind: "encoding-opened"; readonly info: EncodingInfo }
  | { readonly kind: "encoding-closed"; readonly encoding: string }
  /** {@link MediaProcess.openEncoding} failed; the other encodings go on. */
  | { readonly kind: "encoding-failed"; readonly encoding: string; readonly error: SightlineError }
  /** While the pointer is streamed: where it is now. */
  | ({ readonly kind: "pointer" } & PointerPosition)
  /** A shape that positions will refer to. An id never stands for another shape, also after a restart. */
  | ({ readonly kind: "pointer-shape"; readonly rgba: Uint8Array } & PointerShapeHeader)
  | { readonly kind: "frame"; readonly encoding: string; readonly frame: EncodedFrame }
  /** Tiles of the source's picture changed; comes before the frame that shows it. Only while stills are watched for. */
  | { readonly kind: "tiles-changed"; readonly change: PictureChange }
  /** Pixels of the source that have been still. */
  | { readonly kind: "still"; readonly still: CodedStill }
  | { readonly kind: "statistics"; readonly statistics: MediaStatistics }
  /** The process crashed and is being started again; frames go on with a keyframe. */
  | { readonly kind: "restarted"; readonly reason: string }
  /** The last event: the source ended, {@link MediaProcess.close} is done, or nothing more can come because of `error`. */
  | { readonly kind: "ended"; readonly error?: SightlineError };

/** Options of {@link MediaProcess.start}. */
export interface MediaProcessOptions {
  readonly request: OpenRequest;
  readonly onEvent: (event: MediaProcessEvent) => void;
  /** The module that the process runs (default: the media process's). */
  readonly entry?: URL;
}

/** A process that has not closed after this long is killed. */
const CLOSE_TIMEOUT_MS = 5_000;

/** The host's side of the process that captures and encodes. A crash of native code there is survived by starting it again. */
export class MediaProcess {
  private readonly options: MediaProcessOptions;
  private readonly restarts = new RestartBudget();
  /** What is wanted, as it is opened again after a crash. */
  private readonly requests: Map<string, EncodingRequest>;
  /** The ids whose frames are passed on. */
  private readonly open = new Set<string>();
  private isWatchingStills = false;
  private pointerMode: PointerMode;
  private lastShapeId = 0;
  private child: Child;
  private link: Link<FromMediaProcess, ToMediaProcess>;
  private restartTimer: NodeJS.Timeout | undefined;
  private state: "running" | "closing" | "ended" = "running";
  private announceEnd: () => void = () => {};
  private readonly ended = new Promise<void>((resolve) => {
    this.announceEnd = resolve;
  });

  private constructor(options: MediaProcessOptions) {
    this.options = options;
    this.pointerMode = options.request.pointer ?? "burn";
    this.requests = new Map(options.request.encodings.map((encoding) => [encoding.id, encoding]));
    [this.child, this.link] = this.launch();
  }

  /**
   * Starts a media process. The first event is `opened`, or `ended` with an error that says why it could not be opened.
   */
  static start(options: MediaProcessOptions): MediaProcess {
    return new MediaProcess(options);
  }

  /** The process's id, while it runs. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * Encodes the source in one more way, from now on. `encoding-opened` or `encoding-failed` follows; an encoding of the same
   * id is replaced.
   */
  openEncoding(request: EncodingRequest): void {
    this.requests.set(request.id, request);
    this.open.delete(request.id);
    this.link.send({ type: "open-encoding", body: request });
  }

  /** Ends an encoding: no frame of it is passed on any more. `encoding-closed` follows if it was open. */
  closeEncoding(encoding: string): void {
    this.requests.delete(encoding);
    this.open.delete(encoding);
    this.link.send({ type: "close-encoding", body: { encoding } });
  }

  /**
   * Makes the next frame of an encoding a keyframe; a still source is encoded again for it.
   */
  requestKeyframe(encoding: string, request: KeyframeRequest = { repeats: 0 }): void {
    this.link.send({ type: "keyframe", body: { encoding, ...request } });
  }

  /** Sets an encoding's cap. */
  setBitrate(encoding: string, bitrateBps: number): void {
    const request = this.requests.get(encoding);
    if (request) this.requests.set(encoding, { ...request, bitrateBps });
    this.link.send({ type: "bitrate", body: { encoding, bitrateBps } });
  }

  /**
   * Makes an encoding code fewer or smaller pictures, or all in full again. After a change of size `encoding-opened` follows,
   * and then a keyframe.
   */
  degrade(encoding: string, level: DegradationLevel): void {
    const request = this.requests.get(encoding);
    if (request) this.requests.set(encoding, { ...request, level });
    this.link.send({ type: "degrade", body: { encoding, level } });
  }

  /** While `on`, pictures of an encoding wait unencoded; the newest goes out when it is over. */
  hold(encoding: string, on: boolean): void {
    this.link.send({ type: "hold", body: { encoding, on } });
  }

  /** Watches a screen for still tiles from now on, or no longer; `tiles-changed` and `still` events tell of them. */
  watchStills(on: boolean): void {
    if (on === this.isWatchingStills) return;
    this.isWatchingStills = on;
    this.link.send({ type: "stills", body: { on } });
  }

  /** Changes what becomes of the mouse pointer. */
  setPointerMode(mode: PointerMode): void {
    if (mode === this.pointerMode) return;
    this.pointerMode = mode;
    this.link.send({ type: "pointer-mode", body: { mode } });
  }

  /** Ends the process; resolves once it is gone. */
  async close(): Promise<void> {
    if (this.state === "running") {
      this.state = "closing";
      this.link.send({ type: "close", body: undefined });
      if (this.restartTimer !== undefined) this.end();
    }
    const killTimer = setTimeout(() => this.child.kill(), CLOSE_TIMEOUT_MS);
    await this.ended;
    clearTimeout(killTimer);
  }

  private launch(): [Child, Link<FromMediaProcess, ToMediaProcess>] {
    const child = startChild(this.options.entry ?? new URL("./main.js", import.meta.url));
    const link = new Link<FromMediaProcess, ToMediaProcess>(child.messages);
    link.onMessage((message) => this.handleMessage(message));
    void child.exited.then((exit) => this.handleExit(exit));
    this.open.clear();
    const { request } = this.options;
    const wanted = {
      pointer: this.pointerMode,
      firstShapeId: this.lastShapeId + 1,
      encodings: [...this.requests.values()],
    };
    link.send({ type: "open", body: { ...request, ...wanted } });
    return [child, link];
  }

  private handleMessage(message: MessageOf<FromMediaProcess>): void {
    const { onEvent } = this.options;
    if (this.state === "ended") return;
    switch (message.type) {
      case "frame": {
        const { encoding } = message.body;
        if (!this.open.has(encoding)) break;
        onEvent({ kind: "frame", encoding, frame: frameOf(message.body, message.payload) });
        break;
      }
      case "tiles-changed":
        onEvent({ kind: "tiles-changed", change: changeOf(message.body, message.payload) });
        break;
      case "still":
        onEvent({ kind: "still", still: stillOf(message.body, message.payload) });
        break;
      case "opened":
        for (const { id } of message.body.encodings) if (this.requests.has(id)) this.open.add(id);
        onEvent({ kind: "opened", info: message.body });
        break;
      case "encoding-opened":
        if (!this.requests.has(message.body.id)) break;
        this.open.add(message.body.id);
        onEvent({ kind: "encoding-opened", info: message.body });
        break;
      case "encoding-closed":
        onEvent({ kind: "encoding-closed", encoding: message.body.encoding });
        break;
      case "encoding-failed": {
        const { encoding, code, message: text } = message.body;
        this.requests.delete(encoding);
        onEvent({ kind: "encoding-failed", encoding, error: new SightlineError(code, text) });
        break;
      }
      case "pointer":
        onEvent({ kind: "pointer", ...message.body });
        break;
      case "pointer-shape":
        this.lastShapeId = message.body.id;
        onEvent({ kind: "pointer-shape", ...message.body, rgba: message.payload ?? new Uint8Array(0) });
        break;
      case "statistics":
        onEvent({ kind: "statistics", statistics: message.body });
        break;
      case "failed":
        this.end(new SightlineError(message.body.code, message.body.message));
        this.child.kill();
        break;
      case "ended":
        this.state = "closing";
        // It has closed what it could; a device call that hangs would keep it from exiting by itself.
        this.child.kill();
        break;
    }
  }

  private handleExit({ code, signal }: ChildExit): void {
    if (this.state !== "running") {
      this.end();
      return;
    }
    const reason = signal === null ? `exit code ${code}` : `signal ${signal}`;
    const delayMs = this.restarts.next(performance.now());
    if (delayMs === undefined) {
      this.end(new SightlineError("internal", `the media process crashed too often (${reason}); please report it`));
      return;
    }
    this.restartTimer = setTimeout(() => {
      this.restartTimer = undefined;
      [this.child, this.link] = this.launch();
      if (this.isWatchingStills) this.link.send({ type: "stills", body: { on: true } });
      this.options.onEvent({ kind: "restarted", reason });
    }, delayMs);
  }

  private end(error?: SightlineError): void {
    if (this.state === "ended") return;
    this.state = "ended";
    clearTimeout(this.restartTimer);
    this.options.onEvent(error === undefined ? { kind: "ended" } : { kind: "ended", error });
    this.announceEnd();
  }
}

function frameOf({ codec, keyframe, captureTime }: FrameHeader, data: Uint8Array | undefined): EncodedFrame {
  return { codec, data: data ?? new Uint8Array(0), keyframe, captureTime: micros(captureTime) };
}

function changeOf({ picture, captureTime }: TilesChangedHeader, payload: Uint8Array | undefined): PictureChange {
  const set = readTileSet(payload ?? new Uint8Array(0), 0, new TileGrid(picture).count);
  if (set === undefined)
    throw new SightlineError("internal", "the media process told of changes in a way nobody knows");
  return { picture, captureTime: micros(captureTime), tiles: set.tiles };
}

function stillOf({ asOf, ...header }: StillHeader, data: Uint8Array | undefined): CodedStill {
  return { ...header, asOf: micros(asOf), data: data ?? new Uint8Array(0) };
}
