import * as constants from "node-av/constants";
import { Codec, CodecContext, type Frame, Packet, Rational } from "node-av/lib";
import { type EncodedFrame, SightlineError } from "../../core/index.js";
import { Converter } from "../converter.js";
import { copyRows } from "../native/copy-rows.js";
import { check, setOption } from "../native/library.js";
import { allocatePicture, frameOf, type PictureFrame, type PictureLayout } from "../native/picture-frame.js";
import type { Picture, Size } from "../picture.js";
import type { EncodeRequest, Encoder, EncoderSettings } from "./encoder.js";
import { JpegLadder } from "./jpeg-ladder.js";

/** JFIF's colours: BT.601 over the full range. */
const JFIF = { matrix: "bt601", range: "full" } as const;

/**
 * Opens the JPEG encoder. Its pictures are baseline, 4:2:0, with the standard Huffman tables and no restart markers, so
 * that RFC 2435 can carry them. Each frame is kept within `maxFrameBytes` by quality and then size; without that limit,
 * near the bitrate's share of a frame by quality alone.
 *
 * @throws SightlineError `unsupported` when another encoder than mjpeg is asked for
 */
export function openJpegEncoder(settings: EncoderSettings): Encoder {
  return new JpegEncoder(settings);
}

/** What makes JPEGs of one size. */
interface Stage {
  readonly context: CodecContext;
  /** Shrinks the picture; undefined at full size. */
  readonly converter: Converter | undefined;
}

class JpegEncoder implements Encoder {
  readonly wasLimited = false;
  readonly name = "mjpeg";
  readonly input: PictureLayout;
  private readonly settings: EncoderSettings;
  private readonly ladder: JpegLadder;
  private readonly stages = new Map<number, Stage>();
  private readonly packet = new Packet();
  private bitrateBps: number;
  private frameNumber = 0;
  private staging: PictureFrame | undefined;

  constructor(settings: EncoderSettings) {
    if (settings.encoder !== undefined && settings.encoder !== this.name) {
      throw new SightlineError("unsupported", `${settings.encoder} makes no JPEGs here; use mjpeg`);
    }
    this.settings = settings;
    this.bitrateBps = settings.bitrateBps;
    this.input = { width: settings.width, height: settings.height, format: "yuv420p", color: JFIF };
    this.ladder = new JpegLadder({ canShrink: settings.maxFrameBytes !== undefined });
    this.packet.alloc();
  }

  encode(picture: Picture, { captureTime }: EncodeRequest): EncodedFrame | undefined {
    const limit = this.settings.maxFrameBytes ?? this.bitrateBps / 8 / this.settings.fps;
    for (;;) {
      const { scale, quantizer } = this.ladder.rung;
      const data = this.encodeAt(picture, scale, quantizer);
      const verdict = this.ladder.judge(data.length, limit);
      const isUnlimited = this.settings.maxFrameBytes === undefined;
      if (verdict === "accept" || (verdict === "hopeless" && isUnlimited)) {
        return { codec: "jpeg", data, keyframe: true, captureTime };
      }
      if (verdict === "hopeless") return undefined;
    }
  }

  setBitrate(bitrateBps: number): void {
    this.bitrateBps = bitrateBps;
  }

  close(): void {
    for (const { context, converter } of this.stages.values()) {
      context.freeContext();
      converter?.close();
    }
    this.stages.clear();
    this.packet.free();
  }

  private encodeAt(picture: Picture, scale: number, quantizer: number): Buffer {
    const { context, converter } = this.stage(scale);
    const frame = this.frameFor(converter === undefined ? picture : converter.convert(picture, "all").picture);
    frame.pts = BigInt(this.frameNumber++);
    frame.quality = quantizer * constants.FF_QP2LAMBDA;
    frame.pictType = constants.AV_PICTURE_TYPE_NONE;
    check(context.sendFrameSync(frame), "the JPEG encoder refused a picture");
    check(context.receivePacketSync(this.packet), "the JPEG encoder failed");
    const data = this.packet.data;
    this.packet.unref();
    if (data === null) throw new SightlineError("internal", "the JPEG encoder made nothing");
    return data;
  }

  private frameFor(picture: Picture): Frame {
    const frame = frameOf(picture);
    if (frame !== undefined) return frame;
    this.staging ??= allocatePicture(this.input);
    copyRows(picture, this.staging.picture, { fromY: 0, toY: 0, height: picture.height });
    return this.staging.frame;
  }

  private stage(scale: number): Stage {
    let stage = this.stages.get(scale);
    if (stage === undefined) {
      const size = { width: evenPart(this.input.width, scale), height: evenPart(this.input.height, scale) };
      const converter = scale === 1 ? undefined : new Converter({ ...this.input, ...size });
      stage = { context: openContext(size, this.settings.fps), converter };
      this.stages.set(scale, stage);
    }
    return stage;
  }
}

function evenPart(length: number, scale: number): number {
  return Math.max(2, 2 * Math.round((length * scale) / 2));
}

function openContext(size: Size, fps: number): CodecContext {
  const codec = Codec.findEncoderByName(constants.FF_ENCODER_MJPEG);
  if (codec === null) throw new SightlineError("unsupported", "this FFmpeg has no JPEG encoder");
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = size.width;
  context.height = size.height;
  context.pixelFormat = constants.AV_PIX_FMT_YUV420P;
  context.colorSpace = constants.AVCOL_SPC_SMPTE170M;
  context.colorRange = constants.AVCOL_RANGE_JPEG;
  context.timeBase = new Rational(1_000, Math.round(fps * 1_000));
  // Threads would cut the picture by restart markers.
  context.threadCount = 1;
  context.setFlags(constants.AV_CODEC_FLAG_QSCALE, constants.AV_CODEC_FLAG_BITEXACT);
  setOption(context, "huffman", "default");
  check(context.open2Sync(codec, null), "the JPEG encoder does not open", "unsupported");
  return context;
}
