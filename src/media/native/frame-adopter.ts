import type { Frame } from "node-av/lib";
import type { Picture } from "../picture.js";
import { hasSameLayout, labelFrame, layoutOf } from "./color.js";
import { check } from "./library.js";
import { allocatePicture, type PictureFrame, type PictureLayout } from "./picture-frame.js";
import { ScaleContext } from "./scale-context.js";

/** Formats that are none of ours (10 bits, palettes, RGB24 …) become this one. */
const FALLBACK_FORMAT = "yuv420p";

/**
 * Takes decoded frames over into pictures that stay in place. Two pictures alternate, so that the last two can be
 * compared; views of their memory are taken once, because views of every decoded frame would flood the garbage collector.
 */
export class FrameAdopter {
  private pictures: readonly [PictureFrame, PictureFrame] | undefined;
  private turn = 0;
  private readonly context = new ScaleContext("bicubic");

  /** Copies a frame. The result is valid until the second next call. The frame may be unreferenced afterwards. */
  adopt(frame: Frame): Picture {
    const { format, color } = layoutOf(frame);
    const layout: PictureLayout = {
      width: frame.width,
      height: frame.height,
      format: format ?? FALLBACK_FORMAT,
      color,
    };
    if (this.pictures === undefined || !hasSameLayout(this.pictures[0].picture, layout)) {
      this.pictures = [allocatePicture(layout), allocatePicture(layout)];
    }
    this.turn = 1 - this.turn;
    const target = this.pictures[this.turn] as PictureFrame;
    if (format === undefined) {
      this.context.scale(frame, target.frame);
    } else {
      // Says the same as before in words that make both frames' formats equal: yuvj420p is full-range yuv420p.
      labelFrame(frame, format, color);
      check(target.frame.copy(frame), "FFmpeg cannot copy a decoded picture");
    }
    return target.picture;
  }

  /** Frees the scaling context. Pictures stay valid. */
  close(): void {
    this.context.close();
  }
}
