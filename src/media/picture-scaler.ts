import type { Frame } from "node-av/lib";
import { cutBands } from "./native/band-heights.js";
import { hasSameLayout } from "./native/color.js";
import { copyRows } from "./native/copy-rows.js";
import {
  aliasBgrx,
  allocatePicture,
  type FrameAlias,
  frameOf,
  type PictureFrame,
  VECTOR_PIXELS,
} from "./native/picture-frame.js";
import { interpolationFor, ScaleContext } from "./native/scale-context.js";
import type { Band, ChangedRows, Picture, Size } from "./picture.js";

/** Above this share of changed rows the whole picture is converted at once. */
const WHOLE_PICTURE_SHARE = 0.75;

/** Pixels in blue, green, red, unused order that a picture is drawn into: a window's memory. */
export interface PixelMemory extends Size {
  readonly pixels: Buffer;
  /** Bytes from row to row. */
  readonly stride: number;
}

/** Where in the memory the picture goes. */
export interface Viewport extends Size {
  readonly x: number;
  readonly y: number;
}

/** The largest viewport of the picture's shape in the middle of an area. Never larger than the area. */
export function fitViewport(picture: Size, area: Size): Viewport {
  const scale = Math.min(area.width / picture.width, area.height / picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  return { x: (area.width - width) >> 1, y: (area.height - height) >> 1, width, height };
}

/**
 * Converts decoded pictures to BGRX in somebody's memory, by each picture's own matrix and range. At 1:1 only the changed
 * rows are converted; other sizes are scaled as a whole.
 */
export class PictureScaler {
  private readonly contexts = new Map<string, ScaleContext>();
  private readonly sources = new Map<number, PictureFrame>();
  private readonly targets = new Map<number, PictureFrame>();
  private readonly aliases = new Map<string, FrameAlias>();
  private memory: PixelMemory | undefined;

  /**
   * Draws a picture.
   *
   * @param changed - what differs from the picture drawn last into this viewport; `"all"` after any change of memory
   * @returns the rows of `memory` that were written
   */
  draw(picture: Picture, changed: ChangedRows, memory: PixelMemory, viewport: Viewport): readonly Band[] {
    if (changed !== "all" && changed.length === 0) return [];
    this.follow(memory);
    const { x, y, width, height } = viewport;
    const isSameSize = width === picture.width && height === picture.height;
    const rows = changed === "all" ? height : changed.reduce((sum, band) => sum + band.height, 0);
    if (changed === "all" || !isSameSize || rows > height * WHOLE_PICTURE_SHARE) {
      const from = frameOf(picture) ?? this.copyOf(picture, { y: 0, height: picture.height }).frame;
      this.drawPart(from, picture, memory, viewport);
      return [{ y, height }];
    }
    for (const piece of cutBands(changed)) {
      const part = this.copyOf(picture, piece);
      this.drawPart(part.frame, part.picture, memory, { x, y: y + piece.y, width, height: piece.height });
    }
    return changed.map((band) => ({ y: y + band.y, height: band.height }));
  }

  /** Frees the scaling contexts. */
  close(): void {
    for (const context of this.contexts.values()) context.close();
    this.contexts.clear();
  }

  private follow(memory: PixelMemory): void {
    if (this.memory?.pixels === memory.pixels && this.memory.stride === memory.stride) return;
    this.memory = memory;
    this.aliases.clear();
    this.targets.clear();
    this.close();
  }

  private drawPart(from: Frame, picture: Picture, memory: PixelMemory, part: Viewport): void {
    const context = this.context(picture, part);
    if (part.width % VECTOR_PIXELS === 0) {
      context.scale(from, this.alias(memory, part));
      return;
    }
    const target = this.target(part);
    context.scale(from, target.frame);
    const [pixels, stride] = [target.picture.planes[0] as Buffer, target.picture.strides[0] as number];
    for (let row = 0; row < part.height; row++) {
      const to = (part.y + row) * memory.stride + part.x * 4;
      pixels.copy(memory.pixels, to, row * stride, row * stride + part.width * 4);
    }
  }

  private context(from: Picture, to: Size): ScaleContext {
    const key = `${from.format} ${from.width}x${from.height} ${to.width}x${to.height}`;
    let context = this.contexts.get(key);
    if (context === undefined) {
      context = new ScaleContext(interpolationFor(from, { ...to, format: "bgrx" }));
      this.contexts.set(key, context);
    }
    return context;
  }

  /** Rows of a picture as a picture of their own. */
  private copyOf(picture: Picture, { y, height }: Band): PictureFrame {
    const layout = { ...picture, height };
    let copy = this.sources.get(height);
    if (copy === undefined || !hasSameLayout(copy.picture, layout)) {
      copy = allocatePicture(layout);
      this.sources.set(height, copy);
    }
    copyRows(picture, copy.picture, { fromY: y, toY: 0, height });
    return copy;
  }

  /** A part of the memory for swscale to write into. */
  private alias(memory: PixelMemory, { x, y, width, height }: Viewport): Frame {
    const key = `${x} ${y} ${width} ${height}`;
    let alias = this.aliases.get(key);
    if (alias === undefined) {
      const start = y * memory.stride + x * 4;
      const end = (y + height - 1) * memory.stride + (x + width) * 4;
      alias = aliasBgrx(memory.pixels.subarray(start, end), { width, height, stride: memory.stride });
      this.aliases.set(key, alias);
    }
    return alias.frame;
  }

  /** A picture for what swscale cannot write into the memory itself. */
  private target({ width, height }: Size): PictureFrame {
    let target = this.targets.get(height);
    if (target?.picture.width !== width) {
      target = allocatePicture({ width, height, format: "bgrx" });
      this.targets.set(height, target);
    }
    return target;
  }
}
