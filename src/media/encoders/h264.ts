import type { FFEncoderCodec } from "node-av/constants";
import * as constants from "node-av/constants";
import { Codec, CodecContext, type Frame, Packet } from "node-av/lib";
import { type EncodedFrame, type Micros, SightlineError } from "../../core/index.js";
import { AV_PIXEL_FORMATS } from "../native/color.js";
import { copyRows } from "../native/copy-rows.js";
import { AGAIN, check, describe } from "../native/library.js";
import { allocatePicture, frameOf, type PictureFrame, type PictureLayout } from "../native/picture-frame.js";
import { hintChangedRows } from "../native/video-hint.js";
import { BT709_LIMITED, type Picture } from "../picture.js";
import { BurstBudget } from "./burst-budget.js";
import type { EncodeRequest, Encoder, EncoderSettings } from "./encoder.js";
import { applyBitrate, bufferMs, configureH264, H264_ENCODERS, limitFrame, type X264Effort } from "./h264-settings.js";
import { VaapiUpload } from "./vaapi-upload.js";

/** A frame that takes more than this share of its limit was cut down to it. */
const LIMITED_SHARE = 0.7;
/** x264 is set up anew for another limit, which costs a little. */
const MEANINGFUL_CHANGE = 0.05;

/** An H.264 encoder: `settings.encoder`, or libx264. */
export class H264Encoder implements Encoder {
  readonly name: string;
  readonly input: PictureLayout;
  private readonly settings: EncoderSettings;
  private readonly context = new CodecContext();
  private readonly packet = new Packet();
  /** Whether x264 codes a screen: to a quality, below a budget of ours. */
  private readonly isScreen: boolean;
  private budget = new BurstBudget();
  private frameBits = 0;
  wasLimited = false;
  private readonly vaapi: VaapiUpload | undefined;
  /** For pictures in memory that FFmpeg did not allocate. */
  private staging: PictureFrame | undefined;
  private frameNumber = 0;

  /**
   * Opens it.
   *
   * @param effort - of x264
   * @throws SightlineError `unsupported` when this machine cannot run it
   */
  constructor(settings: EncoderSettings, effort: X264Effort) {
    this.settings = settings;
    this.name = settings.encoder ?? "libx264";
    const kind = H264_ENCODERS[this.name];
    const codec = kind && Codec.findEncoderByName(this.name as FFEncoderCodec);
    if (!codec) {
      throw new SightlineError("unsupported", `there is no H.264 encoder ${this.name} here`);
    }
    const { width, height } = settings;
    const format = settings.chroma === "444" && this.name === "libx264" ? "yuv444p" : kind.format;
    this.input = { width, height, format, color: BT709_LIMITED };
    this.isScreen = this.name === "libx264" && settings.profile === "screen";
    this.budget.setRate(settings.bitrateBps, bufferMs(settings.bitrateBps, settings.profile));
    this.packet.alloc();
    this.context.allocContext3(codec);
    this.context.pixelFormat = AV_PIXEL_FORMATS[format];
    try {
      if (this.name === "h264_vaapi") this.vaapi = new VaapiUpload(this.context, settings);
      configureH264(this.context, { name: this.name, effort, settings });
      if (settings.threads !== undefined) this.context.threadCount = settings.threads;
      check(this.context.open2Sync(codec, null), `the encoder ${this.name} does not open`, "unsupported");
    } catch (error) {
      this.close();
      throw error;
    }
  }

  encode(picture: Picture, { changed, keyframe, captureTime, mostBytes }: EncodeRequest): EncodedFrame | undefined {
    const frame = this.frameFor(picture);
    frame.pts = BigInt(this.frameNumber++);
    frame.pictType = keyframe ? constants.AV_PICTURE_TYPE_I : constants.AV_PICTURE_TYPE_NONE;
    if (this.isScreen) {
      hintChangedRows(frame, changed);
      this.limit(captureTime, mostBytes);
    }
    const input = this.vaapi?.upload(frame) ?? frame;
    check(this.context.sendFrameSync(input), `the encoder ${this.name} refused a picture`);
    const code = this.context.receivePacketSync(this.packet);
    if (code === AGAIN) return undefined;
    check(code, `the encoder ${this.name} failed`);
    const data = this.packet.data;
    const isKeyframe = this.packet.isKeyframe;
    const bits = (data?.length ?? 0) * 8;
    this.budget.spend(bits);
    this.wasLimited = this.isScreen && bits > this.frameBits * LIMITED_SHARE;
    this.packet.unref();
    if (data === null) throw new SightlineError("internal", `the encoder ${this.name} made nothing: ${describe(code)}`);
    return { codec: "h264", data, keyframe: isKeyframe, captureTime };
  }

  setBitrate(bitrateBps: number): void {
    const { profile } = this.settings;
    if (this.isScreen) this.budget.setRate(bitrateBps, bufferMs(bitrateBps, profile));
    else applyBitrate(this.context, bitrateBps, profile, this.name);
  }

  close(): void {
    this.context.freeContext();
    this.vaapi?.close();
    this.packet.free();
  }

  /** Takes over what a predecessor has left of the cap. */
  continueFrom(before: H264Encoder): void {
    this.budget = before.budget;
  }

  private limit(captureTime: Micros, mostBytes = Number.POSITIVE_INFINITY): void {
    const { fps } = this.settings;
    const bits = Math.min(this.budget.allowance(captureTime, 1_000 / fps), mostBytes * 8);
    if (Math.abs(bits - this.frameBits) < this.frameBits * MEANINGFUL_CHANGE) return;
    this.frameBits = bits;
    limitFrame(this.context, bits, fps);
  }

  private frameFor(picture: Picture): Frame {
    const frame = frameOf(picture);
    if (frame !== undefined) return frame;
    const staged = this.staged();
    copyRows(picture, staged.picture, { fromY: 0, toY: 0, height: picture.height });
    return staged.frame;
  }

  private staged(): PictureFrame {
    this.staging ??= allocatePicture(this.input);
    return this.staging;
  }
}
