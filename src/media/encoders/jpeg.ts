import type { Encoder, EncoderSettings } from "./encoder.js";
export function openJpegEncoder(settings: EncoderSettings): Encoder {
  throw new Error(settings.codec);
}
