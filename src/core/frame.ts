import type { Micros } from "./time.js";

/** The video codecs that the core can carry. */
export type VideoCodec = "h264" | "jpeg";

/** One coded picture, as an encoder makes it and a decoder takes it. */
export interface EncodedFrame {
  readonly codec: VideoCodec;
  /** H.264: one access unit in Annex B form (start codes), parameter sets in band before an IDR. JPEG: a whole JFIF file. */
  readonly data: Uint8Array;
  /** Decoding can start here (an IDR; always true for JPEG). */
  readonly keyframe: boolean;
  /** When the picture was captured. On the receiving side: in the receiver's clock where it is known. */
  readonly captureTime: Micros;
}
