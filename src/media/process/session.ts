import { now } from "../../clock/index.js";
import { type EncodedFrame, type Micros, SightlineError } from "../../core/index.js";
import type { Link, MessageOf } from "../../ipc/index.js";
import type { Size } from "../picture.js";
import { openSource } from "../sources/open.js";
import type { CapturedPicture, VideoSource } from "../sources/source.js";
import { parseSourceSpec } from "../sources/spec.js";
import { ConverterPool } from "./converter-pool.js";
import { Encoding } from "./encoding.js";
import type { FromMediaProcess, OpenRequest, ToMediaProcess } from "./protocol.js";
import { StatisticsWindow } from "./statistics.js";

/** With so many bytes untaken by the parent, pictures are dropped before they are encoded: latest picture first. */
const MAX_BACKLOG_BYTES = 1_000_000;
/** A picture that stays is encoded so many times more: each pass sharpens what the cap left coarse. */
const REFINEMENTS = 4;
/** So many frame intervals without a picture make a screen still. */
const STILL_INTERVALS = 1.5;
const STATISTICS_INTERVAL_MS = 1_000;

/** Captures one source and encodes it in one or more ways, until it is closed or the source ends. */
export class MediaSession {
  private readonly link: Link<ToMediaProcess, FromMediaProcess>;
  private readonly request: OpenRequest;
  private readonly source: VideoSource;
  private readonly statistics = new StatisticsWindow();
  private readonly statisticsTimer: NodeJS.Timeout;
  private readonly stillMs: number;
  private converters = new ConverterPool();
  private readonly encodings = new Map<string, Encoding>();
  private size: Size | undefined;
  private stillTimer: NodeJS.Timeout | undefined;
  private lastPictureAt = 0;
  private refinementsLeft = 0;

  private constructor(request: OpenRequest, source: VideoSource, link: Link<ToMediaProcess, FromMediaProcess>) {
    this.request = request;
    this.source = source;
    this.link = link;
    this.stillMs = (STILL_INTERVALS * 1_000) / source.info.fps;
    this.openEncodings(source.info);
    this.statisticsTimer = setInterval(() => this.sendStatistics(), STATISTICS_INTERVAL_MS);
  }

  /**
   * Opens the source and the encoders.
   *
   * @throws SightlineError when one of them cannot be opened
   */
  static async open(request: OpenRequest, link: Link<ToMediaProcess, FromMediaProcess>): Promise<MediaSession> {
    const { encodings: _encodings, source: spec, ...options } = request;
    const source = await openSource(parseSourceSpec(spec), options);
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
    if (message.type === "bitrate") this.encodings.get(message.body.encoding)?.setBitrate(message.body.bitrateBps);
    if (message.type === "hold") {
      const encoding = this.encodings.get(message.body.encoding);
      if (encoding) this.hold(encoding, message.body.on);
    }
    if (message.type === "keyframe") {
      this.encodings.get(message.body.encoding)?.requestKeyframe(message.body.repeats);
      // The next picture of a moving source is due in a moment; a still one is encoded again at once.
      if (performance.now() - this.lastPictureAt > this.stillMs) this.handleStill();
    }
  }

  /** What was held back goes out as soon as the network has caught up. */
  private hold(encoding: Encoding, on: boolean): void {
    encoding.isHeld = on;
    if (!on && encoding.isOwed) this.encode(encoding, now());
  }

  /** Frees the source and the encoders; {@link run} returns. */
  async close(): Promise<void> {
    clearInterval(this.statisticsTimer);
    clearTimeout(this.stillTimer);
    await this.source.close();
    this.closeEncodings();
  }

  private handlePicture(captured: CapturedPicture): void {
    this.lastPictureAt = performance.now();
    this.statistics.framesCaptured++;
    this.statistics.captureMs.push((now() - captured.captureTime) / 1_000);
    const { width, height } = captured.picture;
    if (width !== this.size?.width || height !== this.size.height) this.openEncodings({ width, height });
    const converted = this.converters.convert(captured);
    this.statistics.convertMs.push(performance.now() - this.lastPictureAt);
    for (const encoding of this.encodings.values()) {
      const picture = converted.get(encoding.converter);
      if (picture !== undefined) encoding.take(picture, captured.captureTime);
    }
    this.refinementsLeft = REFINEMENTS;
    if (this.link.backlogBytes > MAX_BACKLOG_BYTES) this.statistics.framesDropped++;
    else for (const encoding of this.encodings.values()) this.encode(encoding, captured.captureTime);
    this.awaitStillness();
  }

  /** The source shows what it showed: sends what was held back, keyframes that were asked for, and refinements. */
  private handleStill(): void {
    clearTimeout(this.stillTimer);
    if (this.link.backlogBytes > MAX_BACKLOG_BYTES) {
      this.awaitStillness();
      return;
    }
    const isRefining = this.refinementsLeft > 0;
    if (isRefining) this.refinementsLeft--;
    const encodings = [...this.encodings.values()];
    for (const encoding of encodings) {
      if (encoding.isOwed || (isRefining && encoding.profile === "screen")) this.encode(encoding, now());
    }
    if (this.refinementsLeft > 0 || encodings.some(({ isOwed }) => isOwed)) this.awaitStillness();
  }

  private awaitStillness(): void {
    clearTimeout(this.stillTimer);
    this.stillTimer = setTimeout(() => this.handleStill(), this.stillMs);
  }

  private encode(encoding: Encoding, captureTime: Micros): void {
    const startedAt = performance.now();
    const frame = encoding.encode(captureTime);
    if (frame === undefined) {
      this.statistics.framesDropped++;
      return;
    }
    this.statistics.encodeMs.push(performance.now() - startedAt);
    this.statistics.framesEncoded++;
    this.sendFrame(encoding.info.id, frame);
  }

  private sendFrame(id: string, { codec, keyframe, captureTime, data }: EncodedFrame): void {
    this.link.send({ type: "frame", body: { encoding: id, codec, keyframe, captureTime }, payload: data });
  }

  private sendStatistics(): void {
    this.link.send({ type: "statistics", body: this.statistics.take() });
  }

  private openEncodings(size: Size): void {
    this.closeEncodings();
    this.converters = new ConverterPool();
    this.size = { width: size.width, height: size.height };
    const { content, fps } = this.source.info;
    const { size: bounds, encodings } = this.request;
    for (const request of encodings) {
      const context = { picture: size, fps, profile: content, converters: this.converters };
      this.encodings.set(request.id, new Encoding(request, bounds === undefined ? context : { ...context, bounds }));
    }
    if (this.encodings.size !== encodings.length) {
      throw new SightlineError("internal", "two encodings have the same id");
    }
    const opened = [...this.encodings.values()].map((encoding) => encoding.info);
    this.link.send({ type: "opened", body: { source: { ...this.source.info, ...this.size }, encodings: opened } });
  }

  private closeEncodings(): void {
    for (const encoding of this.encodings.values()) encoding.close();
    this.encodings.clear();
    this.converters.close();
  }
}
