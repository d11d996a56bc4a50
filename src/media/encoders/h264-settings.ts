import * as constants from "node-av/constants";
import { type CodecContext, Rational } from "node-av/lib";
import { setOption } from "../native/library.js";
import type { PixelFormat } from "../picture.js";
import type { ChromaSampling, EncoderSettings, EncodingProfile } from "./encoder.js";

/**
 * How hard x264 tries to save bits. On a page of text `thorough` saves a quarter of them and takes three times as long; a
 * camera's pictures look bad without.
 */
export type X264Effort = "fast" | "thorough";
const X264_PRESET: Record<X264Effort, string> = { fast: "ultrafast", thorough: "superfast" };
/**
 * Constant rate factor of a screen: a light page of text is at 51 dB in the first frame after it changed. 4:2:0 caps a dark
 * coloured page at 30 dB however finely it is coded; 4:4:4 is worth coding finer.
 */
const SCREEN_CRF: Record<ChromaSampling, number> = { "420": 20, "444": 18 };
/**
 * With chroma coded finer than luma, coloured text on a dark page gains 6 dB once it is sharp. On the way there it costs a third
 * more bits, which a thin path has not.
 */
const CHROMA_444_QP_OFFSET: Record<X264Effort, number> = { fast: -12, thorough: 0 };
/**
 * What `fast` does for a screen beside its preset. `qcomp=1`: a quantizer that does not rise with what a frame must show, so that
 * a page that flips is as sharp in its first frame as it gets; otherwise it gets there in seven. `i4x4` takes a fifth of the bits
 * away. Measured on a dark page in 4:4:4, first frame and all seven: 845 kB, 40.5 dB, 1,658 kB; with both 869 kB, 45.8 dB, 880 kB.
 */
const FAST_SCREEN_PARAMETERS = ["qcomp=1", "partitions=i4x4"];
/** Without a floor a still screen is refined for ever: 2.9 kB a frame instead of 80 B. */
const SCREEN_QMIN = 12;
/** How much of the cap a burst may use at once: a camera's frames are to be even. */
const CAMERA_VBV_MS = 100;
/**
 * A page flip of 150–400 kB is to go out at once where the cap carries it soon; on a thin path it gets legible first and
 * sharpens then, because whatever comes after it would wait for it.
 */
const SCREEN_VBV_MS = { perMbps: 25, least: 200, most: 500 };
/** Two slices in parallel: three were slower on two cores, and each slice costs prediction across its border. */
const X264_THREADS = 2;
/** Never by itself: an IDR comes when somebody asks for it. */
const GOP_INFINITE = 1 << 30;
/** Encoders other than x264 take a GOP size of 16 or 32 bits, and some insist on one. */
const GOP_HARDWARE = 30_000;

/** The encoders that can make H.264, best first where they work, with what each wants. */
export const H264_ENCODERS: Record<string, { readonly format: PixelFormat; readonly options: Record<string, string> }> =
  {
    h264_nvenc: {
      format: "yuv420p",
      options: { preset: "p1", tune: "ull", rc: "vbr", zerolatency: "1", delay: "0", "forced-idr": "1" },
    },
    h264_videotoolbox: { format: "yuv420p", options: { realtime: "1", prio_speed: "1" } },
    h264_qsv: { format: "nv12", options: { preset: "veryfast", async_depth: "1", forced_idr: "1", look_ahead: "0" } },
    h264_amf: { format: "yuv420p", options: { usage: "ultralowlatency", quality: "speed", forced_idr: "1" } },
    h264_mf: { format: "nv12", options: { rate_control: "ld_vbr", scenario: "display_remoting" } },
    h264_vaapi: { format: "nv12", options: { async_depth: "1", rc_mode: "VBR", idr_interval: "0" } },
    libx264: { format: "yuv420p", options: {} },
  };

/** Sets the cap: the highest rate over the profile's buffer, and for the camera the rate itself. */
export function applyBitrate(context: CodecContext, bitrateBps: number, profile: EncodingProfile, name: string): void {
  const rate = BigInt(Math.round(bitrateBps));
  context.rcMaxRate = rate;
  context.rcBufferSize = Math.round((bitrateBps * bufferMs(bitrateBps, profile)) / 1_000);
  if (profile === "camera" || name !== "libx264") context.bitRate = rate;
}

/** For how long a profile may go above its cap, in ms, if it was below it for as long. */
export function bufferMs(bitrateBps: number, profile: EncodingProfile): number {
  if (profile === "camera") return CAMERA_VBV_MS;
  const { perMbps, least, most } = SCREEN_VBV_MS;
  return Math.min(Math.max((perMbps * bitrateBps) / 1e6, least), most);
}

/** Makes x264 keep the next frame to so many bits: a buffer of that size, which is full again before each frame. */
export function limitFrame(context: CodecContext, bits: number, fps: number): void {
  context.rcBufferSize = Math.round(bits);
  context.rcMaxRate = BigInt(Math.round(bits * fps));
}

/** Prepares a context that is allocated for the encoder `name` but not open. */
export function configureH264(
  context: CodecContext,
  { name, effort, settings }: { name: string; effort: X264Effort; settings: EncoderSettings },
): void {
  context.width = settings.width;
  context.height = settings.height;
  // One tick a picture: x264 holds a picture back when its durations vary and a buffer is to be kept.
  const rate = Math.round(settings.fps * 1_000);
  context.timeBase = new Rational(1_000, rate);
  context.framerate = new Rational(rate, 1_000);
  context.maxBFrames = 0;
  context.gopSize = name === "libx264" ? GOP_INFINITE : GOP_HARDWARE;
  context.colorPrimaries = constants.AVCOL_PRI_BT709;
  context.colorTrc = constants.AVCOL_TRC_BT709;
  context.colorSpace = constants.AVCOL_SPC_BT709;
  context.colorRange = constants.AVCOL_RANGE_MPEG;
  applyBitrate(context, settings.bitrateBps, settings.profile, name);
  if (name === "libx264") configureX264(context, effort, settings);
  for (const [option, value] of Object.entries(H264_ENCODERS[name]?.options ?? {})) setOption(context, option, value);
}

function configureX264(context: CodecContext, effort: X264Effort, { profile, chroma = "420" }: EncoderSettings): void {
  context.threadCount = X264_THREADS;
  setOption(context, "preset", X264_PRESET[effort]);
  setOption(context, "tune", "zerolatency");
  setOption(context, "forced-idr", 1);
  const parameters = ["scenecut=0"];
  if (profile === "screen") {
    context.qMin = SCREEN_QMIN;
    setOption(context, "crf", SCREEN_CRF[chroma]);
    setOption(context, "mb_info", 1);
    parameters.push("aq-mode=0");
    if (effort === "fast") parameters.push(...FAST_SCREEN_PARAMETERS);
  }
  if (chroma === "444") parameters.push(`chroma-qp-offset=${CHROMA_444_QP_OFFSET[effort]}`);
  setOption(context, "x264-params", parameters.join(":"));
}
