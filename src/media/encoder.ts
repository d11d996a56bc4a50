import type { Encoder, EncoderSettings } from "./encoders/encoder.js";
import { openJpegEncoder } from "./encoders/jpeg.js";
import { openH264Encoder } from "./encoders/open-h264.js";

export type { ChromaSampling, Encoder, EncoderSettings, EncodingProfile } from "./encoders/encoder.js";

/**
 * Opens an encoder.
 *
 * @throws SightlineError `unsupported` when the encoder asked for does not work on this machine
 */
export function openEncoder(settings: EncoderSettings): Encoder {
  return settings.codec === "jpeg" ? openJpegEncoder(settings) : openH264Encoder(settings);
}
