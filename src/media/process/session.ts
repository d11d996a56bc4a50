import { now } from "../../clock/index.js";
import {
  type DegradationLevel,
  type EncodedFrame,
  type Micros,
  SightlineError,
  writeTileSet,
} from "../../core/index.js";
import type { Link, MessageOf } from "../../ipc/index.js";
import { openSource } from "../sources/open.js";
import type { PointerReport } from "../sources/pointer-tracker.js";
import type { CapturedPicture, VideoSource } from "../sources/source.js";
import { parseSourceSpec } from "../sources/spec.js";
import { StillLayer } from "../stills/index.js";
import type { Encoding } from "./encoding.js";
import { EncodingSet } from "./encoding-set.js";
import { PointerMessages } from "./pointer-messages.js";
import type { EncodingRequest, FromMediaProcess, OpenRequest, ToMediaProcess } from "./protocol.js";
import { StatisticsWindow } from "./statistics.js";
import { StillTraffic } from "./still-traffic.js";

/** With so many bytes untaken by the parent, pictures are dropped before they are encoded: latest picture first. */
const MAX_BACKLOG_BYTES = 1_000_000;
/** So many frame intervals without a picture make a screen still. */
const STILL_INTERVALS = 1.5;
const STATISTICS_INTERVAL_MS = 1_000;
/**
 * Encodings in the background begin so long after the others are done: by then the others' frames have been sent, and shown by
 * viewers on the same machine. Begun at once, they made those 5 ms older on two cores.
 */
const BACKGROUND_AFTER_MS = 8;

/** Captures one source and encodes it in as many ways as are wanted, until it is closed or the source ends. */
export class MediaSession {
  private readonly link: Link<ToMediaProcess, FromMediaProcess>;
  private readonly source: VideoSource;
  private readonly statistics = new StatisticsWindow();
  private readonly statisticsTimer: NodeJS.Timeout;
  private readonly stillMs: number;
  private readonly encodings: EncodingSet;
  private stillTimer: NodeJS.Timeout | undefined;
  private backgroundTimer: NodeJS.Timeout | undefined;
  private lastPictureAt = 0;
  private lastCaptured: CapturedPicture | undefined;
  private stills: StillLayer | undefined;
  private readonly stillTraffic = new StillTraffic();

  private constructor(request: OpenRequest, source: VideoSource, link: Link<ToMediaProcess, FromMediaProcess>) {
    this.source = source;
    this.link = link;
    this.stillMs = (STILL_INTERVALS * 1_000) / source.info.fps;
    const { width, height, fps, content } = source.info;
    this.encodings = new EncodingSet({
      picture: { width, height },
      fps,
      profile: content,
      ...(request.size !== undefined && { bounds: request.size }),
    });
    for (const encoding of request.encodings) this.encodings.open(encoding);
    if (this.encodings.isEmpty) source.rest?.(true);
    this.announce();
    this.statisticsTimer = setInterval(() => this.sendStatistics(), STATISTICS_INTERVAL_MS);
  }

  /**
   * Opens the source and the encoders.
   *
   * @throws SightlineError when one of them cannot be opened
   */
  static async open(request: OpenRequest, link: Link<ToMediaProcess, FromMediaProcess>): Promise<MediaSession> {
    const { encodings: _encodings, source: spec, firstShapeId, ...options } = request;
    const pointer = new PointerMessages(link, firstShapeId ?? 1);
    const onPointer = (report: PointerReport): void => pointer.send(report);
    const source = await openSource(parseSourceSpec(spec), { ...options, onPointer });
    try {
      return new MediaSession(request, source, link);
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /**
   * Runs until the source ends or {@link close} is called.
   *
   * @throws SightlineError `source-lost` when the source went away, `internal` when an encoder broke
   */
  async run(): Promise<void> {
    for (;;) {
      const captured = await this.source.next();
      if (captured === undefined) return;
      this.handlePicture(captured);
    }
  }

  /** Handles what the parent says after `open`. */
  handleMessage(message: MessageOf<ToMediaProcess>): void {
    switch (message.type) {
      case "open-encoding":
        this.openEncoding(message.body);
        break;
      case "close-encoding":
        this.closeEncoding(message.body.encoding);
        break;
      case "bitrate":
        this.encodings.setBitrate(message.body.encoding, message.body.bitrateBps);
        break;
      case "degrade":
        this.degrade(message.body.encoding, message.body.level);
        break;
      case "hold":
        this.hold(this.encodings.get(message.body.encoding), message.body.on);
        break;
      case "pointer-mode":
        this.source.setPointerMode?.(message.body.mode);
        break;
      case "keyframe":
        this.encodings.get(message.body.encoding)?.requestKeyframe(message.body);
        this.encodeOwed();
        break;
      case "stills":
        this.watchStills(message.body.on);
        break;
    }
  }

  private openEncoding(request: EncodingRequest): void {
    const wasResting = this.encodings.isEmpty;
    try {
      const { info } = this.encodings.open(request);
      this.link.send({ type: "encoding-opened", body: info });
    } catch (error) {
      this.sendFailure(request.id, error);
    }
    if (wasResting && !this.encodings.isEmpty) {
      // What the source showed before it rested may be old: it is encoded only if nothing newer comes.
      this.source.rest?.(false);
      this.awaitStillness();
    } else this.encodeOwed();
  }

  private degrade(id: string, level: DegradationLevel): void {
    try {
      const reopened = this.encodings.degrade(id, level);
      if (reopened === undefined) return;
      this.link.send({ type: "encoding-opened", body: reopened.info });
      this.encodeOwed();
    } catch (error) {
      this.sendFailure(id, error);
    }
  }

  private sendFailure(id: string, error: unknown): void {
    if (!(error instanceof SightlineError)) throw error;
    const { code, message } = error;
    this.link.send({ type: "encoding-failed", body: { encoding: id, code, message } });
  }

  private closeEncoding(id: string): void {
    if (!this.encodings.close(id)) return;
    this.link.send({ type: "encoding-closed", body: { encoding: id } });
    if (this.encodings.isEmpty) this.source.rest?.(true);
  }

  /** The next picture of a moving source is due in a moment; a still one is encoded again at once. */
  private encodeOwed(): void {
    if (this.isStill) this.handleStill();
  }

  private get isStill(): boolean {
    return performance.now() - this.lastPictureAt > this.stillMs;
  }

  /** What was held back goes out as soon as the network has caught up. */
  private hold(encoding: Encoding | undefined, on: boolean): void {
    if (encoding === undefined) return;
    encoding.isHeld = on;
    if (on || !encoding.isOwed) return;
    if (encoding.hasNews || this.isStill) this.encode(encoding, now());
    this.awaitStillness();
  }

  private watchStills(on: boolean): void {
    this.stills?.close();
    this.stills = undefined;
    if (!on || this.source.info.content !== "screen") return;
    this.stills = new StillLayer({
      changed: ({ tiles, ...header }) =>
        this.link.send({ type: "tiles-changed", body: header, payload: writeTileSet(tiles) }),
      still: ({ data, ...header }) => {
        this.stillTraffic.onCoded(now(), data.length);
        this.link.send({ type: "still", body: header, payload: data });
      },
    });
    // What is there now is known by its own time; the next picture says what differs from it.
    if (this.lastCaptured !== undefined) this.stills.take({ ...this.lastCaptured, changed: "all" });
  }

  /** Frees the source and the encoders; {@link run} returns. */
  async close(): Promise<void> {
    clearInterval(this.statisticsTimer);
    clearTimeout(this.stillTimer);
    clearTimeout(this.backgroundTimer);
    this.stills?.close();
    await this.source.close();
    this.encodings.closeAll();
  }

  private handlePicture(captured: CapturedPicture): void {
    this.lastPictureAt = performance.now();
    this.lastCaptured = captured;
    this.statistics.framesCaptured++;
    this.statistics.captureMs.push((now() - captured.captureTime) / 1_000);
    const { width, height } = captured.picture;
    const { pictureSize } = this.encodings;
    if (width !== pictureSize.width || height !== pictureSize.height) {
      this.encodings.resize({ width, height });
      this.announce();
    }
    this.stills?.setRate(this.encodings.lowestBitrateBps ?? Number.POSITIVE_INFINITY);
    this.stills?.take(captured);
    const isBehind = this.link.backlogBytes > MAX_BACKLOG_BYTES;
    if (isBehind) this.statistics.framesDropped++;
    let isFirst = true;
    const isSomeWaiting = this.encodings.take(captured, (encoding) => {
      if (isFirst) this.statistics.convertMs.push(performance.now() - this.lastPictureAt);
      isFirst = false;
      if (!isBehind) this.encode(encoding, captured.captureTime);
    });
    if (isSomeWaiting) this.backgroundTimer ??= setTimeout(() => this.encodeInBackground(), BACKGROUND_AFTER_MS);
    this.awaitStillness();
  }

  private encodeInBackground(): void {
    this.backgroundTimer = undefined;
    if (this.link.backlogBytes > MAX_BACKLOG_BYTES) return; // with the next picture, then
    this.encodings.takeInBackground((encoding, captureTime) => this.encode(encoding, captureTime));
  }

  /** The source shows what it showed: sends what was held back, keyframes that were asked for, and what sharpens the picture. */
  private handleStill(): void {
    clearTimeout(this.stillTimer);
    if (this.link.backlogBytes > MAX_BACKLOG_BYTES) {
      this.awaitStillness();
      return;
    }
    const owed = this.encodings.values().filter(({ isOwed, isHeld }) => isOwed && !isHeld);
    for (const encoding of owed) this.encode(encoding, now());
    if (owed.length > 0) this.awaitStillness();
  }

  private awaitStillness(): void {
    clearTimeout(this.stillTimer);
    this.stillTimer = setTimeout(() => this.handleStill(), this.stillMs);
  }

  private encode(encoding: Encoding, captureTime: Micros): void {
    if (!encoding.isDue(captureTime)) return;
    const startedAt = performance.now();
    encoding.stills = this.stillsOver(encoding);
    const frame = encoding.encode(captureTime);
    if (frame === undefined) {
      this.statistics.framesDropped++;
      return;
    }
    this.statistics.encodeMs.push(performance.now() - startedAt);
    this.statistics.framesEncoded++;
    this.sendFrame(encoding.info.id, frame);
  }

  /** Still tiles are laid over pictures of the source's size alone. */
  private stillsOver({ info }: Encoding): StillTraffic | undefined {
    return this.stills !== undefined && info.width === this.encodings.pictureSize.width ? this.stillTraffic : undefined;
  }

  private sendFrame(id: string, { codec, keyframe, captureTime, data }: EncodedFrame): void {
    this.link.send({ type: "frame", body: { encoding: id, codec, keyframe, captureTime }, payload: data });
  }

  private sendStatistics(): void {
    this.link.send({ type: "statistics", body: this.statistics.take() });
  }

  private announce(): void {
    const source = { ...this.source.info, ...this.encodings.pictureSize };
    this.link.send({ type: "opened", body: { source, encodings: this.encodings.infos() } });
  }
}
