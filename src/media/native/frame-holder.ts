import { Frame } from "node-av/lib";
import type { Picture, PixelFormat } from "../picture.js";
import { labelFrame, layoutOf } from "./color.js";
import { chromaRowShift } from "./copy-rows.js";
import { check } from "./library.js";
import { type PictureLayout, pictureOf } from "./picture-frame.js";
import { PlaneViews } from "./plane-views.js";
import { ScaleContext } from "./scale-context.js";

/** Formats that are none of ours (10 bits, palettes, …) become this one. */
const FALLBACK_FORMAT = "yuv420p";
/** The newest picture, the one before, and the one that is kept. */
const HELD_PICTURES = 3;
const PLANES: Partial<Record<PixelFormat, number>> = { yuv420p: 3, yuv422p: 3, yuv444p: 3, nv12: 2 };

/** A frame of our own that refers to a decoder's buffers, and the picture that it is. */
interface Slot {
  readonly frame: Frame;
  picture: Picture | undefined;
}

/** Holds decoded frames by reference, as pictures: nothing is copied. Their memory is the decoder's, for reading alone. */
export class FrameHolder {
  private readonly slots: readonly Slot[] = Array.from({ length: HELD_PICTURES }, openSlot);
  private readonly views = new PlaneViews();
  private readonly context = new ScaleContext("bicubic");
  private newest: Picture | undefined;
  private kept: Picture | undefined;

  /** Holds a frame until the second next call, or for as long as it is kept. The frame may be unreferenced afterwards. */
  hold(frame: Frame): Picture {
    const slot = this.slots.find(({ picture }) => !this.isHeld(picture)) as Slot;
    const { width, height } = frame;
    const { format, color } = layoutOf(frame);
    const layout = { width, height, format: format ?? FALLBACK_FORMAT, color };
    slot.frame.unref();
    if (format === undefined) this.convert(frame, slot.frame, layout);
    else check(slot.frame.ref(frame), "FFmpeg cannot hold a decoded picture");
    // Says the same as before in words that swscale takes for it: yuvj420p is full-range yuv420p.
    labelFrame(slot.frame, layout.format, color);
    const { picture } = pictureOf(slot.frame, { ...layout, ...this.views.of(slot.frame, planeRows(layout)) });
    slot.picture = picture;
    this.newest = picture;
    return picture;
  }

  /** Holds a picture that is held until another one is to be kept. */
  keep(picture: Picture): void {
    this.kept = picture;
  }

  /** Frees the contexts. Pictures that are held stay valid. */
  close(): void {
    this.views.close();
    this.context.close();
  }

  private isHeld(picture: Picture | undefined): boolean {
    return picture !== undefined && (picture === this.newest || picture === this.kept);
  }

  private convert(from: Frame, to: Frame, layout: PictureLayout): void {
    to.width = layout.width;
    to.height = layout.height;
    labelFrame(to, layout.format, layout.color);
    check(to.getBuffer(0), "no memory for a decoded picture");
    this.context.scale(from, to);
  }
}

function openSlot(): Slot {
  const frame = new Frame();
  frame.alloc();
  return { frame, picture: undefined };
}

function planeRows(layout: PictureLayout): number[] {
  const shift = chromaRowShift(layout);
  const rows = (plane: number) => (plane === 0 ? layout.height : (layout.height + (1 << shift) - 1) >> shift);
  return Array.from({ length: PLANES[layout.format] ?? 1 }, (_, plane) => rows(plane));
}
