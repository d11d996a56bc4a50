import { type DegradationLevel, type EncodedFrame, elapsed, type Micros, micros } from "../../core/index.js";
import { joinChanges } from "../changed-bands.js";
import type { ConvertedPicture, Converter } from "../converter.js";
import { encodedSize, smallerBounds } from "../encoded-size.js";
import { type Encoder, type EncodingProfile, openEncoder } from "../encoder.js";
import { chooseH264Encoder } from "../encoders/hardware.js";
import type { ChangedRows, Picture, Size } from "../picture.js";
import type { ConverterPool } from "./converter-pool.js";
import type { EncodingInfo, EncodingRequest, KeyframeRequest } from "./protocol.js";
import type { StillTraffic } from "./still-traffic.js";

/** A screen that stays is encoded so many times more after the cap last cut a frame down: each pass sharpens it. */
const REFINEMENTS = 4;
/** Where a keyframe was to be small, each frame that sharpens it takes this part of it: they come one after the other. */
const REFINEMENT_PART = 0.5;
/** A picture that comes this part of a frame interval early still comes in time. */
const EARLY_PART = 0.5;
/** From this share of changed rows on, a frame shows something new instead of sharpening what is there. */
const FLIP_SHARE = 0.5;
/** Above so many bits a second a page is through as video about as soon as its tiles are coded. */
const THIN_BPS = 15e6;
const FULL_LEVEL: DegradationLevel = { fpsDivisor: 1, scale: 1 };
/** RFC 2435 §3.1.5 counts width and height in blocks of 8 pixels, in one byte each. */
const MAX_RTP_JPEG_SIZE: Size = { width: 2_040, height: 2_040 };

/** What an encoding is opened for. */
export interface EncodingContext {
  /** The source's pictures. */
  readonly picture: Size;
  /** What all encodings are scaled down to fit into. */
  readonly bounds?: Size;
  readonly fps: number;
  /** Used unless the request has its own. */
  readonly profile: EncodingProfile;
  readonly converters: ConverterPool;
}

/** One encoder and the picture it is to encode next. */
export class Encoding {
  readonly info: EncodingInfo;
  readonly profile: EncodingProfile;
  readonly converter: Converter;
  /** See {@link EncodingRequest.isBackground}. */
  readonly isBackground: boolean;
  private readonly encoder: Encoder;
  private readonly frameInterval: Micros;
  private bitrateBps: number;
  private currentLevel: DegradationLevel;
  private encodedAt: Micros | undefined;
  private picture: Picture | undefined;
  /** What differs from the picture that was encoded last. */
  private changed: ChangedRows = "all";
  /** When the picture was captured; undefined once it was encoded. */
  private capturedAt: Micros | undefined;
  private isKeyframeWanted = true;
  /** The most that the keyframe may take. */
  private mostBytes: number | undefined;
  private repeatsLeft = 0;
  /** The network is behind: nothing is encoded. */
  isHeld = false;
  /** The still tiles that go beside it, if they will lie over it. */
  stills: StillTraffic | undefined;

  /** @throws SightlineError `unsupported` when the encoder that was asked for does not work */
  constructor(request: EncodingRequest, { picture, bounds, fps, profile, converters }: EncodingContext) {
    const isRtpJpeg = request.codec === "jpeg" && request.maxFrameBytes === undefined;
    const limits = smallerBounds(smallerBounds(bounds, request.size), isRtpJpeg ? MAX_RTP_JPEG_SIZE : undefined);
    this.profile = request.profile ?? profile;
    const { size: _size, encoder: _encoder, level = FULL_LEVEL, isBackground = false, ...settings } = request;
    this.isBackground = isBackground;
    const name = encoderName(request);
    this.currentLevel = level;
    this.frameInterval = micros(1e6 / fps);
    this.bitrateBps = request.bitrateBps;
    this.encoder = openEncoder({
      ...settings,
      bitrateBps: this.encoderBps,
      ...encodedSize(picture, scaledBounds(encodedSize(picture, limits), level.scale)),
      ...(name !== undefined && { encoder: name }),
      fps,
      profile: this.profile,
      ...(isBackground && { threads: 1 }),
    });
    this.converter = converters.acquire(this.encoder.input);
    const { width, height, format } = this.encoder.input;
    const chroma = format === "yuv444p" ? "444" : "420";
    this.info = { id: request.id, encoderName: this.encoder.name, width, height, chroma };
  }

  /** How many of the pictures are coded, and how small. */
  get level(): DegradationLevel {
    return this.currentLevel;
  }

  /** Codes one picture of so many from now on. */
  setFpsDivisor(fpsDivisor: number): void {
    this.currentLevel = { ...this.currentLevel, fpsDivisor };
    this.encoder.setBitrate(this.encoderBps);
  }

  /** Whether a frame may be made at `now`: long enough after the last one, or a keyframe, for which somebody waits. */
  isDue(now: Micros): boolean {
    const { fpsDivisor } = this.currentLevel;
    if (fpsDivisor === 1 || this.isKeyframeWanted || this.encodedAt === undefined) return true;
    return elapsed(this.encodedAt, now) >= (fpsDivisor - EARLY_PART) * this.frameInterval;
  }

  /** Whether something new is to be encoded: a change that was held back, or a keyframe. */
  get hasNews(): boolean {
    const hasChanged = this.changed === "all" || this.changed.length > 0;
    return this.picture !== undefined && (this.isKeyframeWanted || hasChanged);
  }

  /** Whether a picture that stays is to be encoded again: for news, or to sharpen what was encoded. */
  get isOwed(): boolean {
    return this.hasNews || (this.picture !== undefined && this.repeatsLeft > 0);
  }

  /**
   * The next picture; replaces one that was not encoded.
   *
   * @param capturedAt - absent: when it is encoded
   */
  take({ picture, changed }: ConvertedPicture, capturedAt?: Micros): void {
    this.picture = picture;
    this.capturedAt = capturedAt;
    this.changed = joinChanges(this.changed, changed);
    this.refine();
  }

  /** Makes the next frame a keyframe. */
  requestKeyframe({ repeats, mostBytes }: KeyframeRequest): void {
    this.isKeyframeWanted = true;
    this.mostBytes = mostBytes;
    this.repeatsLeft = Math.max(this.repeatsLeft, repeats);
    this.refine();
  }

  /** A new cap. */
  setBitrate(bitrateBps: number): void {
    this.bitrateBps = bitrateBps;
    this.encoder.setBitrate(this.encoderBps);
  }

  /** A screen's bits are shared out by time, a camera's by frames: each of fewer frames gets more. */
  private get encoderBps(): number {
    return this.profile === "camera" ? this.bitrateBps * this.currentLevel.fpsDivisor : this.bitrateBps;
  }

  /**
   * Encodes the current picture; again if it was encoded before, which sharpens it.
   *
   * @param now - stands for the capture time of a picture that is encoded again
   * @returns undefined if there is no picture yet, the encoder skipped it, or encoding is held
   */
  encode(now: Micros): EncodedFrame | undefined {
    if (this.picture === undefined || this.isHeld) return undefined;
    const captureTime = this.capturedAt ?? now;
    this.capturedAt = undefined;
    this.encodedAt = now;
    const keyframe = this.isKeyframeWanted;
    const mostBytes = this.mostBytesAt(now);
    const request = { changed: this.changed, keyframe, captureTime, ...(mostBytes !== undefined && { mostBytes }) };
    this.changed = [];
    if (this.repeatsLeft > 0 && !this.isKeyframeWanted) this.repeatsLeft--;
    this.isKeyframeWanted = false;
    const frame = this.encoder.encode(this.picture, request);
    if (this.encoder.wasLimited) this.refine();
    else this.mostBytes = undefined;
    return frame;
  }

  private mostBytesAt(now: Micros): number | undefined {
    if (this.isKeyframeWanted) return this.mostBytes;
    if (this.isFlip) {
      this.stills?.onFlip(now);
      return this.mostBytes && this.mostBytes * REFINEMENT_PART;
    }
    const { bitrateBps, frameInterval } = this;
    const left = bitrateBps >= THIN_BPS ? undefined : this.stills?.frameBytes(now, { bitrateBps, frameInterval });
    if (left === undefined) return this.mostBytes && this.mostBytes * REFINEMENT_PART;
    return Math.min(left, this.mostBytes ?? Number.POSITIVE_INFINITY);
  }

  private get isFlip(): boolean {
    if (this.changed === "all") return true;
    return this.changed.reduce((rows, { height }) => rows + height, 0) > FLIP_SHARE * this.info.height;
  }

  private refine(): void {
    if (this.profile === "screen") this.repeatsLeft = Math.max(this.repeatsLeft, REFINEMENTS);
  }

  /** Frees the encoder. */
  close(): void {
    this.encoder.close();
  }
}

function scaledBounds({ width, height }: Size, scale: number): Size {
  return { width: width * scale, height: height * scale };
}

/** Hardware that codes 4:4:4 is rare, and its decoders rarer: that is left to the default encoder. */
function encoderName({ codec, encoder, chroma }: EncodingRequest): string | undefined {
  if (encoder === undefined || codec !== "h264") return encoder;
  return chroma === "444" ? undefined : chooseH264Encoder(encoder);
}
