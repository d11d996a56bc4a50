import { type EncodedFrame, elapsed, type Micros, seconds } from "../../core/index.js";
import type { PictureLayout } from "../native/picture-frame.js";
import type { ChangedRows, Picture } from "../picture.js";
import type { EncodeRequest, Encoder, EncoderSettings } from "./encoder.js";
import { H264Encoder } from "./h264.js";

/**
 * Below so many bits a second a page that flips is worth more work: a quarter fewer bits for the same sharpness are tens of
 * milliseconds on the path, and cost 15 in the encoder and as many in the decoder. Above the other, they cost more than they save.
 */
const THIN_BPS = { enter: 12e6, leave: 16e6 };
/** A path counts as thin once it was for so long: at first it is not known, and taken for no more than most paths carry. */
const THIN_AFTER = seconds(3);
/** From this share of changed rows on, a keyframe is no larger than another frame. */
const FLIP_SHARE = 0.6;

/** Encodes a screen with x264 in the way that suits the rate; it changes where a keyframe costs nothing. */
export class ScreenH264Encoder implements Encoder {
  private readonly settings: EncoderSettings;
  private encoder: H264Encoder;
  private isThin = false;
  /** Since when the rate calls for another way than the one in use. */
  private unfitSince: Micros | undefined;
  private bitrateBps: number;

  /** @throws SightlineError `unsupported` when this machine cannot run libx264 */
  constructor(settings: EncoderSettings) {
    this.settings = settings;
    this.bitrateBps = settings.bitrateBps;
    this.encoder = this.open();
  }

  get name(): string {
    return this.encoder.name;
  }

  get input(): PictureLayout {
    return this.encoder.input;
  }

  get wasLimited(): boolean {
    return this.encoder.wasLimited;
  }

  encode(picture: Picture, request: EncodeRequest): EncodedFrame | undefined {
    if (!this.shouldChange(request)) return this.encoder.encode(picture, request);
    this.isThin = !this.isThin;
    const before = this.encoder;
    this.encoder = this.open();
    this.encoder.continueFrom(before);
    before.close();
    return this.encoder.encode(picture, { ...request, changed: "all" });
  }

  setBitrate(bitrateBps: number): void {
    this.bitrateBps = bitrateBps;
    this.encoder.setBitrate(bitrateBps);
  }

  close(): void {
    this.encoder.close();
  }

  private shouldChange({ changed, keyframe, captureTime }: EncodeRequest): boolean {
    const isThin = this.bitrateBps < (this.isThin ? THIN_BPS.leave : THIN_BPS.enter);
    if (isThin === this.isThin) {
      this.unfitSince = undefined;
      return false;
    }
    this.unfitSince ??= captureTime;
    const isKnown = !isThin || elapsed(this.unfitSince, captureTime) >= THIN_AFTER;
    return isKnown && (keyframe || this.isFlip(changed));
  }

  private open(): H264Encoder {
    const { bitrateBps, isThin } = this;
    return new H264Encoder({ ...this.settings, bitrateBps }, isThin ? "thorough" : "fast");
  }

  private isFlip(changed: ChangedRows): boolean {
    if (changed === "all") return true;
    return changed.reduce((rows, { height }) => rows + height, 0) > FLIP_SHARE * this.settings.height;
  }
}
