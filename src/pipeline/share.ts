import { writeFile } from "node:fs/promises";
import { type EncodedFrame, SightlineError } from "../core/index.js";
import {
  type EncodingRequest,
  MediaProcess,
  type MediaProcessEvent,
  type MediaStatistics,
  type OpenedInfo,
} from "../media/index.js";
import { EncodingDemand } from "./encoding-demand.js";
import { JpegDatagramOutput, MAX_JPEG_DATAGRAM_BYTES } from "./jpeg-datagram.js";
import { RtpOutput } from "./rtp-output.js";
import { describeRtpTarget } from "./session-description.js";
import type { EncodingId, OutputHandlers, ShareOutput } from "./share-output.js";
import type { Share, ShareEnd, ShareEvent, ShareOptions, ShareStatistics, ShareTarget } from "./share-types.js";
import { sourceCandidates } from "./source-candidates.js";
import { DEFAULT_SHARE_TARGET, parseShareDestination } from "./targets.js";

/** The cap where none is given, in bits/s. A screen is coded to a quality and seldom comes near it. */
const DEFAULT_BITRATE_BPS = 20e6;
const DEFAULT_FPS = 30;
const STATISTICS_INTERVAL_MS = 1_000;
const NO_SPREAD = { p50Ms: 0, p95Ms: 0 };

/**
 * Captures a source, encodes it once and sends it to every target.
 *
 * @throws SightlineError `invalid-argument` for options that make no sense, `unreachable` for a target that cannot be
 *   sent to, `not-found` or `unsupported` for a source or encoder that cannot be opened
 */
export async function share(options: ShareOptions = {}): Promise<Share> {
  const session = new ShareSession(options);
  try {
    await session.open();
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}

class ShareSession implements Share {
  private readonly options: ShareOptions;
  private readonly outputs: ShareOutput[] = [];
  private readonly demand: EncodingDemand;
  private media: MediaProcess | undefined;
  private opened: OpenedInfo | undefined;
  private sdpWritten = false;
  private statisticsTimer: NodeJS.Timeout | undefined;
  private mediaStatistics: MediaStatistics | undefined;
  private framesDropped = 0;
  private encodedBytes = 0;
  private encodedBitrateBps = 0;
  private closing: Promise<void> | undefined;
  private announceEnd: (end: ShareEnd) => void = () => {};
  readonly ended: Promise<ShareEnd>;

  constructor(options: ShareOptions) {
    this.options = options;
    this.demand = new EncodingDemand(options.bitrateBps ?? DEFAULT_BITRATE_BPS, {
      setBitrate: (bitrate) => this.media?.setBitrate("rtp" satisfies EncodingId, bitrate),
      hold: (on) => this.media?.hold("rtp" satisfies EncodingId, on),
    });
    this.ended = new Promise((resolve) => {
      this.announceEnd = resolve;
    });
  }

  get source() {
    return this.opened!.source;
  }

  get targets(): readonly ShareTarget[] {
    return this.outputs.map(({ target }) => target);
  }

  async open(): Promise<void> {
    this.options.signal?.throwIfAborted();
    await this.openOutputs();
    await this.openMedia();
    const { source, encodings } = this.opened!;
    const { encoderName, width, height } = encodings[0]!;
    this.emit({ kind: "started", source, encoder: encoderName, width, height, targets: this.targets });
    this.statisticsTimer = setInterval(() => this.emitStatistics(), STATISTICS_INTERVAL_MS);
    this.options.signal?.addEventListener("abort", () => void this.close(), { once: true });
  }

  statistics(): ShareStatistics {
    const {
      framesCaptured = 0,
      framesEncoded = 0,
      convert = NO_SPREAD,
      encode = NO_SPREAD,
    } = this.mediaStatistics ?? {};
    return {
      captureFps: framesCaptured,
      encodedFps: framesEncoded,
      encodedBitrateBps: this.encodedBitrateBps,
      framesDropped: this.framesDropped,
      encodeMs: convert.p50Ms + encode.p50Ms,
      targets: this.outputs.map((output) => output.statistics()),
    };
  }

  async close(): Promise<void> {
    await this.end({ reason: "closed" });
  }

  private async openOutputs(): Promise<void> {
    const {
      to = [DEFAULT_SHARE_TARGET],
      codec = "h264",
      bitrateBps = DEFAULT_BITRATE_BPS,
      ttl,
      sdpFile,
    } = this.options;
    const handlers = (encoding: EncodingId): OutputHandlers => {
      const member = this.demand.join();
      return {
        keyframeWanted: (repeats) => this.media?.requestKeyframe(encoding, repeats),
        targetBitrate: (bitrate) => member.limit(bitrate),
        congested: (on) => member.congested(on),
        event: (event) => this.emit(event),
      };
    };
    for (const destination of to.map(parseShareDestination)) {
      this.outputs.push(
        destination.protocol === "jpeg"
          ? await JpegDatagramOutput.open(destination, handlers("jpeg-datagram"))
          : await RtpOutput.open(
              {
                destination,
                codec: codec === "mjpeg" ? "jpeg" : "h264",
                bitrateBps,
                ...(ttl !== undefined && { multicastTtl: ttl }),
                ...(this.options.interface !== undefined && { interface: this.options.interface }),
              },
              handlers("rtp"),
            ),
      );
    }
    if (sdpFile !== undefined && !this.outputs.some(({ encoding }) => encoding === "rtp")) {
      throw new SightlineError("invalid-argument", "--sdp describes an RTP stream: add --to HOST:PORT");
    }
  }

  /** Opens the first candidate source that works; an explicit source is the only candidate. */
  private async openMedia(): Promise<void> {
    const candidates = sourceCandidates(this.options.source);
    for (const [index, source] of candidates.entries()) {
      try {
        await this.startMedia(source);
        return;
      } catch (error) {
        if (!(error instanceof SightlineError) || index === candidates.length - 1) throw error;
        this.emit({ kind: "warning", message: `${error.message}; trying ${candidates[index + 1]} instead` });
      }
    }
  }

  private startMedia(source: string): Promise<void> {
    const { fps = DEFAULT_FPS, size, loop, pointer } = this.options;
    return new Promise((resolve, reject) => {
      const media = MediaProcess.start({
        request: {
          source,
          fps,
          ...(size && { size }),
          ...(loop !== undefined && { loop }),
          ...(pointer !== undefined && { pointer }),
          encodings: this.encodingRequests(),
        },
        onEvent: (event) => {
          if (event.kind === "opened") {
            this.opened = event.info;
            resolve();
          }
          if (event.kind === "ended" && this.opened === undefined) {
            reject(event.error ?? new SightlineError("source-lost", `${source} ended before its first picture`));
          } else this.handleMedia(event);
        },
      });
      this.media = media;
    });
  }

  private encodingRequests(): EncodingRequest[] {
    const { codec = "h264", profile, encoder, bitrateBps = DEFAULT_BITRATE_BPS } = this.options;
    const common = { bitrateBps, ...(profile && { profile }) };
    const requests: EncodingRequest[] = [];
    if (this.outputs.some(({ encoding }) => encoding === "rtp")) {
      requests.push({
        id: "rtp" satisfies EncodingId,
        codec: codec === "mjpeg" ? "jpeg" : "h264",
        ...(encoder !== undefined ? { encoder } : codec === "h264" && { encoder: "hardware" }),
        ...common,
        bitrateBps: this.demand.currentBps,
      });
    }
    if (this.outputs.some(({ encoding }) => encoding === "jpeg-datagram")) {
      const id: EncodingId = "jpeg-datagram";
      requests.push({ id, codec: "jpeg", maxFrameBytes: MAX_JPEG_DATAGRAM_BYTES, ...common });
    }
    return requests;
  }

  private handleMedia(event: MediaProcessEvent): void {
    switch (event.kind) {
      case "frame":
        this.deliver(event.encoding, event.frame);
        break;
      case "statistics":
        this.mediaStatistics = event.statistics;
        this.framesDropped += event.statistics.framesDropped;
        break;
      case "restarted":
        this.emit({ kind: "encoder-restarted", reason: event.reason });
        break;
      case "ended": {
        const { error } = event;
        void this.end(
          error
            ? { reason: "failed", error: { code: error.code, message: error.message } }
            : { reason: "source-ended" },
        );
        break;
      }
      case "opened":
        break;
    }
  }

  private deliver(encoding: string, frame: EncodedFrame): void {
    this.encodedBytes += frame.data.length;
    for (const output of this.outputs) if (output.encoding === encoding) output.send(frame);
    if (!this.sdpWritten && frame.keyframe && encoding === "rtp") this.writeSdp(frame);
  }

  /** Waits for the first keyframe, because its parameter sets belong into the description. */
  private writeSdp(keyframe: EncodedFrame): void {
    this.sdpWritten = true;
    const { sdpFile } = this.options;
    const output = this.outputs.find(({ encoding }) => encoding === "rtp");
    if (sdpFile === undefined || !output) return;
    writeFile(sdpFile, describeRtpTarget(output.target, keyframe, this.source.name)).catch((cause) =>
      this.end({
        reason: "failed",
        error: { code: "invalid-argument", message: `cannot write ${sdpFile}: ${(cause as Error).message}` },
      }),
    );
  }

  private emitStatistics(): void {
    this.encodedBitrateBps = this.encodedBytes * 8 * (1_000 / STATISTICS_INTERVAL_MS);
    this.encodedBytes = 0;
    this.emit({ kind: "statistics", ...this.statistics() });
  }

  private emit(event: ShareEvent): void {
    this.options.onEvent?.(event);
  }

  private end(end: ShareEnd): Promise<void> {
    this.closing ??= this.finish(end);
    return this.closing;
  }

  private async finish(end: ShareEnd): Promise<void> {
    clearInterval(this.statisticsTimer);
    await this.media?.close();
    await Promise.all(this.outputs.map((output) => output.close()));
    if (this.opened) this.emit({ kind: "ended", ...end });
    this.announceEnd(end);
  }
}
