import { extname } from "node:path";
import * as constants from "node-av/constants";
import { FormatContext, Packet, Rational, type Stream } from "node-av/lib";
import { type EncodedFrame, SightlineError, type VideoCodec } from "../core/index.js";
import { findParameterSets, joinAnnexB } from "../core/payload/index.js";
import { Decoder } from "./decoder.js";
import { check, setOption } from "./native/library.js";
import type { Size } from "./picture.js";

/** FFmpeg's muxers by file name extension. */
const FORMATS: Record<string, string> = { ".mkv": "matroska", ".mp4": "mp4", ".mov": "mov" };
const CODEC_IDS: Record<VideoCodec, constants.AVCodecID> = {
  h264: constants.AV_CODEC_ID_H264,
  jpeg: constants.AV_CODEC_ID_MJPEG,
};
/** Capture times are in microseconds. */
const FRAME_TIME_BASE = new Rational(1, 1_000_000);
/** An MP4 is written in fragments of this length, so that a crash loses no more; closing makes it an ordinary file. */
const FRAGMENT_MICROS = 1_000_000;

/**
 * Writes encoded frames into a Matroska or MP4 file as they are, by their capture times. Begins with the first keyframe.
 */
export class Recorder {
  readonly file: string;
  private readonly formatName: string;
  private readonly format = new FormatContext();
  private readonly packet = new Packet();
  private stream: Stream | undefined;
  private codec: VideoCodec | undefined;
  private firstTime = 0;
  private lastTimestamp = -1n;
  private isClosed = false;

  /**
   * Creates the file.
   *
   * @throws SightlineError `invalid-argument` when its name ends in no format's extension or it cannot be written
   */
  constructor(file: string) {
    this.file = file;
    const formatName = FORMATS[extname(file).toLowerCase()];
    if (formatName === undefined) {
      throw new SightlineError("invalid-argument", `${file}: a recording's name ends in .mkv or .mp4`);
    }
    this.formatName = formatName;
    check(this.format.allocOutputContext2(null, formatName, file), `${file} cannot be written`, "invalid-argument");
    check(this.format.openOutputSync(), `${file} cannot be written`, "invalid-argument");
    this.packet.alloc();
  }

  /**
   * Appends a frame. Frames before the first keyframe, and of another codec than the first one's, are left out.
   *
   * @throws SightlineError `invalid-data` when the first keyframe cannot be decoded, `internal` when writing fails
   */
  add(frame: EncodedFrame): void {
    if (this.isClosed || (this.stream === undefined && !frame.keyframe)) return;
    this.stream ??= this.begin(frame);
    if (frame.codec !== this.codec) return;
    const { packet, stream } = this;
    packet.data = Buffer.from(frame.data.buffer, frame.data.byteOffset, frame.data.byteLength);
    packet.streamIndex = stream.index;
    packet.isKeyframe = frame.keyframe;
    packet.pts = BigInt(Math.max(0, Math.round(frame.captureTime - this.firstTime)));
    packet.dts = packet.pts;
    packet.duration = 0n;
    packet.rescaleTs(FRAME_TIME_BASE, stream.timeBase);
    // Frames closer than the file's clock can tell still need times of their own.
    if (packet.pts <= this.lastTimestamp) packet.pts = this.lastTimestamp + 1n;
    packet.dts = packet.pts;
    this.lastTimestamp = packet.pts;
    const code = this.format.writeFrameSync(packet);
    packet.unref();
    check(code, `${this.file} cannot be written`);
  }

  /** Finishes the file. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.stream !== undefined) this.format.writeTrailerSync();
    this.format.closeOutputSync();
    this.format.freeContext();
    this.packet.free();
  }

  private begin(frame: EncodedFrame): Stream {
    const { width, height } = pictureSize(frame);
    const stream = this.format.newStream(null);
    stream.timeBase = FRAME_TIME_BASE;
    const parameters = stream.codecpar;
    parameters.codecType = constants.AVMEDIA_TYPE_VIDEO;
    parameters.codecId = CODEC_IDS[frame.codec];
    parameters.width = width;
    parameters.height = height;
    const sets = frame.codec === "h264" ? findParameterSets(frame.data) : undefined;
    if (sets !== undefined) parameters.extradata = Buffer.from(joinAnnexB([...sets.sequence, ...sets.picture]));
    setOption(this.format, "flush_packets", 1);
    if (this.formatName !== "matroska") {
      setOption(this.format, "movflags", "hybrid_fragmented");
      setOption(this.format, "frag_duration", FRAGMENT_MICROS);
    }
    check(this.format.writeHeaderSync(null), `${this.file} cannot be written`);
    this.codec = frame.codec;
    this.firstTime = frame.captureTime;
    return stream;
  }
}

function pictureSize(frame: EncodedFrame): Size {
  const decoder = new Decoder(frame.codec);
  try {
    const decoded = decoder.decode(frame.data);
    if (decoded === undefined) throw new SightlineError("invalid-data", "the first keyframe cannot be recorded");
    return decoded.picture;
  } finally {
    decoder.close();
  }
}
