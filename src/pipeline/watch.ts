import { type ReceiverCapabilities, SightlineError } from "../core/index.js";
import type { MessageOf } from "../ipc/index.js";
import { RestartBudget } from "../ipc/index.js";
import { figureLines } from "./figure-lines.js";
import { FrameFeed } from "./frame-feed.js";
import { JpegDatagramInput } from "./jpeg-datagram.js";
import { listeningAt } from "./listening.js";
import { RtpInput } from "./rtp-input.js";
import { describedSession, undescribedSession } from "./rtp-session.js";
import type { InputHandlers, StreamInput } from "./stream-input.js";
import { parseWatchTarget } from "./targets.js";
import type { FromViewer, ViewerRequest, ViewerStatistics } from "./viewer/protocol.js";
import { type ViewerFrame, ViewerProcess } from "./viewer/viewer-process.js";
import type { VideoFrame, Watch, WatchEnd, WatchEvent, WatchOptions, WatchStatistics } from "./watch-types.js";
import { WhepInput } from "./whep/whep-input.js";

const STATISTICS_INTERVAL_MS = 1_000;
const DEFAULT_TITLE = "Sightline";
const END_NOTICE = "The stream has ended. Waiting for the next ...";
const REFUSAL_NOTICES = {
  "no-key": "This stream is encrypted: give its key with --key",
  "wrong-key": "This stream is encrypted with another key",
  "not-encrypted": "This stream is not encrypted: leave --key out to see it",
};
const SILENCE_NOTICE = "No picture is coming. Waiting ...";

/**
 * Receives a stream, decodes and shows it.
 *
 * @param target - a link (`http://HOST:PORT/?token=…`, or any WHEP endpoint), `:PORT`, `HOST:PORT`, `GROUP:PORT`, an SDP file's
 *   path, or `jpeg://:PORT`
 * @throws SightlineError `invalid-argument` for a target or options that make no sense, `in-use` for a port that is taken,
 *   `unreachable` for a link that leads nowhere, `not-found` or `invalid-data` for a session description that cannot be used,
 *   `unsupported` where no window can be opened and nothing else was asked for; the signal's reason if it was aborted before
 *   all was open
 */
export async function watch(target: string, options: WatchOptions = {}): Promise<Watch> {
  const session = new WatchSession(options);
  try {
    await session.open(target);
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}

class WatchSession implements Watch {
  private readonly options: WatchOptions;
  private readonly feed = new FrameFeed((on) => this.viewer?.post({ type: "deliver", body: { on } }));
  private readonly snapshotWaiters = new Map<string, SnapshotWaiter>();
  private input: StreamInput | undefined;
  private viewer: ViewerProcess | undefined;
  private viewerStatistics: ViewerStatistics = { shown: 0 };
  private readonly restarts = new RestartBudget();
  private statisticsTimer: NodeJS.Timeout | undefined;
  private startedAt = performance.now();
  private opening: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private announceEnd: (end: WatchEnd) => void = () => {};
  readonly ended: Promise<WatchEnd>;

  constructor(options: WatchOptions) {
    this.options = options;
    this.ended = new Promise((resolve) => {
      this.announceEnd = resolve;
    });
  }

  open(target: string): Promise<void> {
    this.opening = this.begin(target);
    return this.opening;
  }

  statistics(): WatchStatistics {
    const { shown, glassToGlassMs, decodeMs = 0 } = this.viewerStatistics;
    const input = this.input!.statistics();
    return { shownFps: shown, ...input, decodeMs, ...(glassToGlassMs !== undefined && { glassToGlassMs }) };
  }

  frames(): AsyncIterable<VideoFrame> {
    return this.feed.subscribe();
  }

  snapshot(file: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.closing) return reject(noPicture(file));
      this.snapshotWaiters.set(file, { resolve, reject });
      this.viewer?.post({ type: "snapshot", body: { file } });
    });
  }

  async close(): Promise<void> {
    await this.end({ reason: "closed" });
  }

  private async begin(target: string): Promise<void> {
    const { signal } = this.options;
    signal?.throwIfAborted();
    const openInput = await prepareInput(target, this.options);
    const window = await this.openViewer();
    this.input = await openInput({
      frame: (frame) => this.show(frame),
      still: (message) => this.viewer?.post({ type: "still", body: undefined, payload: message }),
      stillsReset: () => this.viewer?.post({ type: "stills-reset", body: undefined }),
      event: (event) => this.handleInputEvent(event),
    });
    signal?.throwIfAborted();
    this.startedAt = performance.now();
    this.emit({ kind: "listening", address: this.input.address, window });
    if (this.input.warning !== undefined) this.emit({ kind: "warning", message: this.input.warning });
    this.statisticsTimer = setInterval(() => this.emitStatistics(), STATISTICS_INTERVAL_MS);
    signal?.addEventListener("abort", () => void this.close(), { once: true });
  }

  private async openViewer(): Promise<"x11" | "sdl" | "none"> {
    const request = viewerRequest(this.options);
    try {
      return await this.startViewer(request);
    } catch (error) {
      // Without a window there is still something to do: a recording, a snapshot, raw frames.
      const { window, ...windowless } = request;
      const isWindowMissing = error instanceof SightlineError && error.code === "unsupported" && window !== undefined;
      if (!isWindowMissing || Object.keys(windowless).length === 0) throw error;
      this.emit({ kind: "warning", message: error.message });
      return await this.startViewer(windowless);
    }
  }

  private async startViewer(request: ViewerRequest): Promise<"x11" | "sdl" | "none"> {
    this.viewer = await ViewerProcess.start(request, {
      message: (message) => this.handleViewer(message),
      exited: ({ expected, description }) => {
        if (!expected) void this.restartViewer(request, description);
      },
    });
    if (this.feed.isWanted) this.viewer.post({ type: "deliver", body: { on: true } });
    return this.viewer.windowKind;
  }

  /** Native code crashed. Files are not begun again, they would lose what they hold: if they were all, this is the end. */
  private async restartViewer(request: ViewerRequest, reason: string): Promise<void> {
    if (this.closing || this.restarts.next(performance.now()) === undefined) {
      await this.fail(new SightlineError("internal", `the viewer process failed again and again: ${reason}`));
      return;
    }
    const { window, ...files } = request;
    const cut = Object.values(files).join(", ");
    if (cut !== "" && !window && !this.feed.isWanted) {
      await this.fail(new SightlineError("internal", `the viewer process failed: ${reason}; ${cut} may be cut short`));
      return;
    }
    this.emit({ kind: "viewer-restarted", reason });
    if (cut !== "") this.emit({ kind: "warning", message: `${cut} may be cut short` });
    try {
      await this.startViewer(window ? { window } : {});
      if (this.closing) return await this.viewer?.close();
      for (const file of this.snapshotWaiters.keys()) this.viewer?.post({ type: "snapshot", body: { file } });
      this.input?.requestKeyframe();
      this.input?.requestStills();
    } catch (error) {
      await this.fail(error);
    }
  }

  private show(frame: ViewerFrame): void {
    if (this.viewer?.show(frame) === false) this.input?.requestKeyframe();
  }

  private handleInputEvent(event: WatchEvent): void {
    if (event.kind === "stream-silent") this.notify(SILENCE_NOTICE);
    if (event.kind === "stream-refused") this.notify(REFUSAL_NOTICES[event.reason]);
    if (event.kind === "stream-ended") this.notify(END_NOTICE);
    if (event.kind === "stream-resumed" || event.kind === "stream-started") this.notify("");
    this.emit(event);
  }

  private notify(text: string): void {
    this.viewer?.post({ type: "notice", body: { text } });
  }

  private handleViewer(message: MessageOf<FromViewer>): void {
    switch (message.type) {
      case "first-picture":
        this.emit({ kind: "first-picture", ...message.body, afterMs: Math.round(performance.now() - this.startedAt) });
        break;
      case "statistics":
        this.viewerStatistics = message.body;
        break;
      case "picture":
        if (message.payload) this.feed.push(message.body, message.payload);
        break;
      case "keyframe-needed":
        this.input?.requestKeyframe();
        break;
      case "stills-needed":
        this.input?.requestStills();
        break;
      case "snapshot-written": {
        const { file } = message.body;
        this.emit({ kind: "snapshot", file });
        this.snapshotWaiters.get(file)?.resolve();
        this.snapshotWaiters.delete(file);
        break;
      }
      case "snapshot-failed": {
        const { file, code, message: text } = message.body;
        const waiter = this.snapshotWaiters.get(file);
        this.snapshotWaiters.delete(file);
        if (waiter) waiter.reject(new SightlineError(code, text));
        else this.emit({ kind: "warning", message: text });
        break;
      }
      case "quit":
        void this.close();
        break;
      case "failed":
        if (this.input) void this.fail(new SightlineError(message.body.code, message.body.message));
        break;
      case "opened":
        break;
    }
  }

  private emitStatistics(): void {
    const statistics = this.statistics();
    this.viewer?.post({ type: "figures", body: { lines: figureLines(statistics) } });
    this.emit({ kind: "statistics", ...statistics });
  }

  private emit(event: WatchEvent): void {
    this.options.onEvent?.(event);
  }

  private fail(error: unknown): Promise<void> {
    const { code, message } =
      error instanceof SightlineError ? error : new SightlineError("internal", `watching failed: ${String(error)}`);
    return this.end({ reason: "failed", error: { code, message } });
  }

  private end(end: WatchEnd): Promise<void> {
    this.closing ??= this.finish(end);
    return this.closing;
  }

  private async finish(end: WatchEnd): Promise<void> {
    await this.opening?.catch(() => {}); // what it opens meanwhile is to be closed as well
    clearInterval(this.statisticsTimer);
    await this.input?.close();
    await this.viewer?.close();
    this.feed.end();
    for (const [file, { reject }] of this.snapshotWaiters) reject(noPicture(file));
    if (this.input) this.emit({ kind: "ended", ...end });
    this.announceEnd(end);
  }
}

interface SnapshotWaiter {
  resolve(): void;
  reject(error: SightlineError): void;
}

function noPicture(file: string): SightlineError {
  return new SightlineError("source-lost", `no picture came for ${file} before watching ended`);
}

function viewerRequest(options: WatchOptions): ViewerRequest {
  const { window = true, title = DEFAULT_TITLE, fullscreen = false, record, snapshot, frames } = options;
  return {
    ...(window && { window: { title, fullscreen } }),
    ...(record !== undefined && { record }),
    ...(snapshot !== undefined && { snapshot }),
    ...(frames !== undefined && { frames }),
  };
}

/** Understands the target before anything is opened; what it returns opens the input. */
async function prepareInput(
  target: string,
  options: WatchOptions,
): Promise<(handlers: InputHandlers) => Promise<StreamInput>> {
  const parsed = parseWatchTarget(target);
  if (parsed.kind === "sdp") {
    const session = await describedSession(parsed.file, options);
    return (handlers) => RtpInput.open(session, capabilitiesFor(options), handlers);
  }
  if (parsed.kind === "whep") return (handlers) => WhepInput.open(parsed.url, options, handlers);
  const listening = await listeningAt(parsed, options);
  if (parsed.kind === "jpeg" && options.key !== undefined) {
    throw new SightlineError("invalid-argument", "jpeg:// is never encrypted: leave the key out to watch it");
  }
  if (parsed.kind === "jpeg") return (handlers) => JpegDatagramInput.open(listening, handlers);
  const session = await undescribedSession(listening, options);
  return (handlers) => RtpInput.open(session, capabilitiesFor(options), handlers);
}

/**
 * What a window can show beside plain video. Without one nobody sees it; and what is recorded or handed on raw must hold the
 * pointer, and keep one form from the first frame to the last, while a sender goes over to 4:4:4 in mid-stream.
 */
function capabilitiesFor({ window = true, record, frames }: WatchOptions): ReceiverCapabilities {
  const isOnlySeen = window && record === undefined && frames === undefined;
  return { stills: isOnlySeen, pointer: isOnlySeen, chroma444: isOnlySeen };
}
