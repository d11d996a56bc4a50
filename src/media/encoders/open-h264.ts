import type { Encoder, EncoderSettings } from "./encoder.js";
import { H264Encoder } from "./h264.js";
import { ScreenH264Encoder } from "./screen-h264.js";

/**
 * Opens an H.264 encoder: `settings.encoder`, or libx264.
 *
 * @throws SightlineError `unsupported` when this machine cannot run it
 */
export function openH264Encoder(settings: EncoderSettings): Encoder {
  const isX264 = (settings.encoder ?? "libx264") === "libx264";
  if (isX264 && settings.profile === "screen") return new ScreenH264Encoder(settings);
  return new H264Encoder(settings, "thorough");
}
