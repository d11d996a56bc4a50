import { micros, SightlineError } from "../../core/index.js";
import { allocatePicture } from "../native/picture-frame.js";
import { H264_ENCODERS } from "./h264-settings.js";
import { openH264Encoder } from "./open-h264.js";

/** Large enough for the minimum of every hardware encoder. */
const PROBE_SIZE = { width: 640, height: 360 };
/** What stands for "the first hardware encoder that works". */
const ANY_HARDWARE = "hardware";
const SOFTWARE_ENCODER = "libx264";

/** Whether an H.264 encoder works here: FFmpeg lists many, so it is opened and made to encode a picture. */
export function probeH264Encoder(name: string): boolean {
  try {
    const settings = { codec: "h264", ...PROBE_SIZE, fps: 30, profile: "camera", bitrateBps: 1e6 } as const;
    const encoder = openH264Encoder({ ...settings, encoder: name });
    try {
      const { picture } = allocatePicture(encoder.input);
      for (const plane of picture.planes) plane.fill(128);
      const frame = encoder.encode(picture, { changed: "all", keyframe: true, captureTime: micros(0) });
      return frame?.keyframe === true;
    } finally {
      encoder.close();
    }
  } catch {
    return false;
  }
}

let firstHardware: string | undefined;

/** The H.264 encoders that work on this machine, hardware first. Takes up to a second. */
export function workingH264Encoders(): string[] {
  return Object.keys(H264_ENCODERS).filter(probeH264Encoder);
}

/**
 * Turns what a person asked for into the name of an encoder that works.
 *
 * @param wanted - an encoder's name, or `hardware` for the first that is not software, and libx264 if none works
 * @throws SightlineError `unsupported`, naming those that work
 */
export function chooseH264Encoder(wanted: string): string {
  if (wanted === ANY_HARDWARE) {
    // Trying them all takes up to a second, which an encoding that is opened at run time has not.
    firstHardware ??= Object.keys(H264_ENCODERS).find(probeH264Encoder) ?? SOFTWARE_ENCODER;
    return firstHardware;
  }
  if (probeH264Encoder(wanted)) return wanted;
  const working = workingH264Encoders().join(", ");
  throw new SightlineError("unsupported", `the encoder ${wanted} does not work on this machine; these do: ${working}`);
}
