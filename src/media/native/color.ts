import * as constants from "node-av/constants";
import type { Frame } from "node-av/lib";
import { BT709_LIMITED, type ColorDescription, type Picture, type PixelFormat } from "../picture.js";

/** FFmpeg's number for a pixel format. */
export const AV_PIXEL_FORMATS: Record<PixelFormat, constants.AVPixelFormat> = {
  bgrx: constants.AV_PIX_FMT_BGR0,
  rgb24: constants.AV_PIX_FMT_RGB24,
  yuv420p: constants.AV_PIX_FMT_YUV420P,
  yuv422p: constants.AV_PIX_FMT_YUV422P,
  yuv444p: constants.AV_PIX_FMT_YUV444P,
  nv12: constants.AV_PIX_FMT_NV12,
  yuyv422: constants.AV_PIX_FMT_YUYV422,
};

const PIXEL_FORMATS = new Map(Object.entries(AV_PIXEL_FORMATS).map(([name, av]) => [av, name as PixelFormat]));

/** Formats that differ from one of ours only in the meaning of the unused byte. */
const SAME_FORMATS = new Map<number, PixelFormat>([[constants.AV_PIX_FMT_BGRA, "bgrx"]]);

/** The deprecated formats that carry "full range" in their name, and what they are otherwise. */
const FULL_RANGE_FORMATS = new Map<number, PixelFormat>([
  [constants.AV_PIX_FMT_YUVJ420P, "yuv420p"],
  [constants.AV_PIX_FMT_YUVJ422P, "yuv422p"],
  [constants.AV_PIX_FMT_YUVJ444P, "yuv444p"],
]);

/** From this height on an unlabelled picture is taken for BT.709, below for BT.601, as players do. */
const HD_MIN_HEIGHT = 720;

/** What a decoded frame is in our terms. */
export interface FrameLayout {
  /** undefined: a format that has to be converted first. */
  readonly format: PixelFormat | undefined;
  readonly color: ColorDescription;
}

/** Reads format and colours of a decoded frame; what the stream leaves out is guessed by size. */
export function layoutOf(frame: Frame): FrameLayout {
  const av = frame.format as constants.AVPixelFormat;
  const fullRange = FULL_RANGE_FORMATS.get(av);
  const isFull = fullRange !== undefined || frame.colorRange === constants.AVCOL_RANGE_JPEG;
  return {
    format: fullRange ?? SAME_FORMATS.get(av) ?? PIXEL_FORMATS.get(av),
    color: { matrix: matrixOf(frame), range: isFull ? "full" : "limited" },
  };
}

function matrixOf(frame: Frame): ColorDescription["matrix"] {
  switch (frame.colorSpace) {
    case constants.AVCOL_SPC_BT709:
      return "bt709";
    case constants.AVCOL_SPC_UNSPECIFIED:
      return frame.height >= HD_MIN_HEIGHT ? "bt709" : "bt601";
    default:
      return "bt601";
  }
}

/** Labels a frame so that swscale and the encoders take its samples for what they are. */
export function labelFrame(frame: Frame, format: PixelFormat, color: ColorDescription = BT709_LIMITED): void {
  frame.format = AV_PIXEL_FORMATS[format];
  if (isRgb(format)) {
    frame.colorSpace = constants.AVCOL_SPC_RGB;
    frame.colorRange = constants.AVCOL_RANGE_JPEG;
    return;
  }
  frame.colorSpace = color.matrix === "bt709" ? constants.AVCOL_SPC_BT709 : constants.AVCOL_SPC_SMPTE170M;
  frame.colorRange = color.range === "full" ? constants.AVCOL_RANGE_JPEG : constants.AVCOL_RANGE_MPEG;
}

/** Whether two pictures' samples mean the same: size, format and colours. */
export function hasSameLayout(a: Omit<Picture, "planes" | "strides">, b: Omit<Picture, "planes" | "strides">): boolean {
  if (a.width !== b.width || a.height !== b.height || a.format !== b.format) return false;
  if (isRgb(a.format)) return true;
  const [first, second] = [a.color ?? BT709_LIMITED, b.color ?? BT709_LIMITED];
  return first.matrix === second.matrix && first.range === second.range;
}

function isRgb(format: PixelFormat): boolean {
  return format === "bgrx" || format === "rgb24";
}
