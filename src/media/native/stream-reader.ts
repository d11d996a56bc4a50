import * as constants from "node-av/constants";
import {
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  InputFormat,
  type Packet,
  type Stream,
} from "node-av/lib";
import { SightlineError } from "../../core/index.js";
import { AGAIN, check, describe } from "./library.js";

/** What is to be read. */
export interface StreamInput {
  /** A path, a URL, or a device in its format's terms. */
  readonly url: string;
  /** FFmpeg's name of a demuxer or device; absent: found out. */
  readonly format?: string;
  /** The demuxer's options. */
  readonly options?: Readonly<Record<string, string>>;
  /** Decode without holding pictures back. */
  readonly isLive: boolean;
}

/** A wait between questions to devices that answer "not yet" instead of blocking. */
const AGAIN_DELAY_MS = 2;
/** A read that does not return after being interrupted is left behind, and its context with it. */
const CLOSE_TIMEOUT_MS = 1_000;
/** Codecs whose every picture stands alone, so that packets may be skipped. */
const INTRA_ONLY: ReadonlySet<number> = new Set([
  constants.AV_CODEC_ID_MJPEG,
  constants.AV_CODEC_ID_RAWVIDEO,
  constants.AV_CODEC_ID_WRAPPED_AVFRAME,
]);
const MICROSECONDS = 1_000_000n;

/** The best video stream of a file, URL or device. One call at a time. */
export class StreamReader {
  /** In pixels, as the container says; a picture may differ. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Pictures a second; 0 if unknown. */
  readonly fps: number;
  /** FFmpeg's name of the format, several separated by commas. */
  readonly formatName: string;
  /** Every packet can be decoded alone. */
  readonly isIntraOnly: boolean;
  private readonly format: FormatContext;
  private readonly stream: Stream;
  private readonly decoder: CodecContext;
  private readonly frame = new Frame();
  private pending: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  private constructor(format: FormatContext, stream: Stream, decoder: CodecContext) {
    this.format = format;
    this.stream = stream;
    this.decoder = decoder;
    const { num, den } = stream.avgFrameRate;
    this.fps = den > 0 ? num / den : 0;
    this.width = stream.codecpar.width;
    this.height = stream.codecpar.height;
    this.formatName = format.iformat?.name ?? "";
    this.isIntraOnly = INTRA_ONLY.has(stream.codecpar.codecId);
    this.frame.alloc();
  }

  /**
   * Opens an input and its decoder.
   *
   * @returns FFmpeg's error code if the input does not open
   * @throws SightlineError `invalid-data` when it holds no video that can be decoded
   */
  static async open(input: StreamInput): Promise<StreamReader | number> {
    const format = new FormatContext();
    // A context that opening makes by itself cannot be interrupted.
    format.allocContext();
    const inputFormat = input.format === undefined ? null : InputFormat.findInputFormat(input.format);
    if (input.format !== undefined && inputFormat === null) {
      throw new SightlineError("unsupported", `this FFmpeg has no ${input.format}`);
    }
    const options = Dictionary.fromObject({ ...input.options });
    const code = await format.openInput(input.url, inputFormat, options);
    // The call uses the dictionary from another thread; it must not be collected before.
    options.free();
    if (code < 0) return code;
    try {
      check(await format.findStreamInfo(null), "its streams cannot be read", "invalid-data");
      const { streamIndex, decoder } = format.findBestStream(constants.AVMEDIA_TYPE_VIDEO, -1, -1, true);
      const stream = format.streams[streamIndex];
      if (stream === undefined) throw new SightlineError("invalid-data", "it holds no video");
      return new StreamReader(format, stream, openDecoder(stream, decoder, input.isLive));
    } catch (error) {
      await format.closeInput();
      throw error;
    }
  }

  /**
   * Reads the next packet of the video stream into `packet`.
   *
   * @returns false at the end, or once closed
   * @throws SightlineError `source-lost` when reading fails
   */
  async readPacket(packet: Packet): Promise<boolean> {
    while (!this.isClosed) {
      packet.unref();
      const reading = this.format.readFrame(packet);
      this.pending = reading;
      const code = await reading;
      if (this.isClosed || code === constants.AVERROR_EOF) return false;
      if (code === AGAIN) {
        await new Promise((resolve) => setTimeout(resolve, AGAIN_DELAY_MS));
      } else if (code < 0) {
        throw new SightlineError("source-lost", `it can no longer be read: ${describe(code)}`);
      } else if (packet.streamIndex === this.stream.index) {
        return true;
      }
    }
    return false;
  }

  /** Gives a packet to the decoder; damaged ones are passed over. Null: no more will come. */
  send(packet: Packet | null): void {
    if (!this.isClosed) this.decoder.sendPacketSync(packet);
  }

  /** The next decoded picture, valid until the next call; undefined if the decoder needs more packets or is at the end. */
  receive(): Frame | undefined {
    return this.isClosed || this.decoder.receiveFrameSync(this.frame) < 0 ? undefined : this.frame;
  }

  /** When a frame is to be shown, in µs from the stream's own start of time; undefined if it does not say. */
  timeOf(frame: Frame): number | undefined {
    const timestamp = frame.bestEffortTimestamp;
    if (timestamp === constants.AV_NOPTS_VALUE) return undefined;
    const { num, den } = this.stream.timeBase;
    return Number((timestamp * BigInt(num) * MICROSECONDS) / BigInt(den));
  }

  /** Goes back to the first picture. @returns whether the format can */
  rewind(): boolean {
    const start = this.stream.startTime === constants.AV_NOPTS_VALUE ? 0n : this.stream.startTime;
    const code = this.format.seekFrameSync(this.stream.index, start, constants.AVSEEK_FLAG_BACKWARD);
    this.decoder.flushBuffers();
    return code >= 0;
  }

  /** Ends a pending read and frees everything; what hangs is left behind. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.format.interrupt();
    const isIdle = await Promise.race([
      this.pending.then(() => true).catch(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS, false).unref()),
    ]);
    this.decoder.freeContext();
    this.frame.free();
    if (isIdle) await this.format.closeInput();
  }
}

function openDecoder(stream: Stream, codec: Codec | null, isLive: boolean): CodecContext {
  const implementation = codec ?? Codec.findDecoder(stream.codecpar.codecId);
  if (implementation === null) throw new SightlineError("invalid-data", "its video has an unknown codec");
  const context = new CodecContext();
  context.allocContext3(implementation);
  check(context.parametersToContext(stream.codecpar), "its video parameters are unusable", "invalid-data");
  context.pktTimebase = stream.timeBase;
  context.threadCount = 1;
  if (isLive) context.setFlags(constants.AV_CODEC_FLAG_LOW_DELAY);
  check(context.open2Sync(implementation, null), "its video cannot be decoded", "invalid-data");
  return context;
}
