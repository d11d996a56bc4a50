import type { EncodedFrame, Micros, VideoCodec } from "../../core/index.js";
import type { PictureLayout } from "../native/picture-frame.js";
import type { ChangedRows, Picture } from "../picture.js";

/**
 * What kind of pictures an encoder is set up for.
 *
 * - `screen`: text and still areas; coded to a constant quality below a cap, so that a change is sharp at once
 * - `camera`: motion everywhere; coded to a steady bitrate
 */
export type EncodingProfile = "screen" | "camera";

/** Samples of colour: `420` one for four pixels, `444` one for each. */
export type ChromaSampling = "420" | "444";

/** What an encoder is opened with. */
export interface EncoderSettings {
  readonly codec: VideoCodec;
  /** In pixels; even. */
  readonly width: number;
  /** In pixels; even. */
  readonly height: number;
  /** The most pictures a second. */
  readonly fps: number;
  readonly profile: EncodingProfile;
  /** The cap in bits a second: never exceeded for longer than the profile's buffer. */
  readonly bitrateBps: number;
  /** FFmpeg's name of the encoder to use, `h264_nvenc` for instance; absent: libx264 for H.264. */
  readonly encoder?: string;
  /** Default 420. 444 is for libx264 alone. */
  readonly chroma?: ChromaSampling;
  /** How many threads x264 takes (default 2). */
  readonly threads?: number;
  /** JPEG only: no frame is larger; quality and then size give way. */
  readonly maxFrameBytes?: number;
}

/** What is wanted of one frame. */
export interface EncodeRequest {
  /** What differs from the picture that was encoded last. */
  readonly changed: ChangedRows;
  /** Decoding must be able to start at this frame. */
  readonly keyframe: boolean;
  readonly captureTime: Micros;
  /** A screen's frame takes about so much at most. Absent: what the cap allows. */
  readonly mostBytes?: number;
}

/** An open encoder. Every call is synchronous and returns its picture's frame: nothing is delayed. */
export interface Encoder {
  /** FFmpeg's name: libx264, mjpeg, h264_nvenc, … */
  readonly name: string;
  /** How pictures must come. */
  readonly input: PictureLayout;
  /** The last frame is coarser than the picture deserves, because of the cap. */
  readonly wasLimited: boolean;
  /**
   * Encodes one picture of the layout {@link input}.
   *
   * @returns undefined if the encoder chose to skip the picture or cannot fit it into the cap
   * @throws SightlineError `internal` when the encoder breaks
   */
  encode(picture: Picture, request: EncodeRequest): EncodedFrame | undefined;
  /** A new cap, within a few frames. */
  setBitrate(bitrateBps: number): void;
  /** Frees the encoder. */
  close(): void;
}
