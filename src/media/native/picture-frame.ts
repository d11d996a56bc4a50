import { Frame } from "node-av/lib";
import { SightlineError } from "../../core/index.js";
import type { ColorDescription, Picture, PixelFormat } from "../picture.js";
import { labelFrame } from "./color.js";
import { check } from "./library.js";

/** Size, format and colours of a picture. */
export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
  readonly color?: ColorDescription;
}

/** A picture whose memory FFmpeg allocated, with the frame that owns it. */
export interface PictureFrame {
  readonly picture: Picture;
  readonly frame: Frame;
}

// Views of a frame's memory die with the frame, so the picture keeps its frame alive. The memory itself must not: the
// binding holds it as long as the frame lives, and neither would ever be freed.
const frames = new WeakMap<Picture, Frame>();

/** Allocates a picture of zeros. Its memory lives as long as the picture object; hold that, not its planes alone. */
export function allocatePicture(layout: PictureLayout): PictureFrame {
  const frame = new Frame();
  frame.alloc();
  frame.width = layout.width;
  frame.height = layout.height;
  labelFrame(frame, layout.format, layout.color);
  check(frame.getBuffer(0), `no memory for a picture of ${layout.width}x${layout.height}`);
  const planes = frame.data;
  if (planes === null) throw new SightlineError("internal", "FFmpeg allocated a picture without memory");
  // Nobody writes the bytes between the rows; they must not make equal pictures differ.
  for (const plane of planes) plane.fill(0);
  return pictureOf(frame, { ...layout, planes, strides: frame.linesize.slice(0, planes.length) });
}

/** A picture of a frame whose memory FFmpeg allocated; it keeps the frame alive. */
export function pictureOf(frame: Frame, picture: Picture): PictureFrame {
  frames.set(picture, frame);
  return { picture, frame };
}

/** The frame behind a picture that {@link allocatePicture} made. */
export function frameOf(picture: Picture): Frame | undefined {
  return frames.get(picture);
}

/**
 * swscale works in vectors: at the end of a row whose length is no multiple of this many pixels it reads and writes past
 * it. FFmpeg's own memory has room for that, other memory does not.
 */
export const VECTOR_PIXELS = 32;

/** A frame over memory that somebody else owns. Keep the alias as long as the frame is used: it holds the memory. */
export interface FrameAlias {
  readonly frame: Frame;
  readonly memory: Buffer;
}

/**
 * Makes a frame of rows of BGRX memory without copying.
 *
 * @param memory - starts with the first row's first pixel and ends no earlier than with the last row's last one; must stay
 * where it is as long as the alias is used
 * @param stride - bytes from row to row, a multiple of 4
 */
export function aliasBgrx(
  memory: Buffer,
  { width, height, stride }: { width: number; height: number; stride: number },
): FrameAlias {
  const isSingleRow = height === 1;
  if (stride % 4 !== 0 || stride < width * 4 || memory.length < stride * (height - 1) + width * 4) {
    throw new SightlineError("internal", `BGRX memory of ${memory.length} bytes is no ${width}x${height} picture`);
  }
  const frame = new Frame();
  frame.alloc();
  // The alias takes its row length from the width and wants every row whole; it is given its real size afterwards.
  frame.width = isSingleRow ? width : stride / 4;
  frame.height = isSingleRow ? 1 : height - 1;
  labelFrame(frame, "bgrx");
  check(frame.fromBuffer(memory), "FFmpeg cannot use the picture's memory");
  frame.width = width;
  frame.height = height;
  return { frame, memory };
}
