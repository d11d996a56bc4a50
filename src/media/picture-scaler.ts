import type { Frame } from "node-av/lib";
import { cutBands } from "./native/band-heights.js";
import { hasSameLayout } from "./native/color.js";
import { copyRows } from "./native/copy-rows.js";
import { aliasBgrx, allocatePicture, type FrameAlias, frameOf, type PictureFrame } from "./native/picture-frame.js";
import { interpolationFor, ScaleContext } from "./native/scale-context.js";
import type { Band, ChangedRows, Picture, Size } from "./picture.js";

/** Above this share of changed rows the whole picture is converted at once. */
const WHOLE_PICTURE_SHARE = 0.75;
/** swscale writes rows in steps of this many pixels and overruns others, which would show beside the picture. */
const SAFE_WIDTH_STEP = 8;

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
  private readonly stages = new Map<number, PictureFrame>();
  private readonly aliases = new Map<string, FrameAlias>();
  private memory: PixelMemory | undefined;
  private narrow: PictureFrame | undefined;

  /**
   * Draws a picture.
   *
   * @param changed - what differs from the picture drawn last into this viewport; `"all"` after any change of memory
   * @returns the rows of `memory` that were written
   */
  draw(picture: Picture, changed: ChangedRows, memory: PixelMemory, viewport: Viewport): readonly Band[] {
    this.follow(memory);
    const { x, y, width, height } = viewport;
    if (changed !== "all" && changed.length === 0) return [];
    if (width % SAFE_WIDTH_STEP !== 0 && width * 4 !== memory.stride) {
      this.drawNarrow(picture, memory, viewport);
      return [{ y, height }];
    }
    const isSameSize = width === picture.width && height === picture.height;
    const rows = changed === "all" ? height : changed.reduce((sum, band) => sum + band.height, 0);
    if (changed === "all" || !isSameSize || rows > height * WHOLE_PICTURE_SHARE) {
      this.scale(picture, this.source(picture), this.target(memory, viewport), viewport);
      return [{ y, height }];
    }
    for (const piece of cutBands(changed)) {
      const stage = this.stage(picture, piece.height);
      copyRows(picture, stage.picture, { fromY: piece.y, toY: 0, height: piece.height });
      const part = { x, y: y + piece.y, width, height: piece.height };
      this.scale(stage.picture, stage.frame, this.target(memory, part), part);
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
    this.close();
  }

  private scale(picture: Picture, from: Frame, to: Frame, size: Size): void {
    const key = `${picture.width}x${picture.height} ${size.width}x${size.height}`;
    let context = this.contexts.get(key);
    if (context === undefined) {
      context = new ScaleContext(interpolationFor(picture, size));
      this.contexts.set(key, context);
    }
    context.scale(from, to);
  }

  private source(picture: Picture): Frame {
    const frame = frameOf(picture);
    if (frame !== undefined) return frame;
    const stage = this.stage(picture, picture.height);
    copyRows(picture, stage.picture, { fromY: 0, toY: 0, height: picture.height });
    return stage.frame;
  }

  private stage(picture: Picture, height: number): PictureFrame {
    const layout = { ...picture, height };
    let stage = this.stages.get(height);
    if (stage === undefined || !hasSameLayout(stage.picture, layout)) {
      stage = allocatePicture(layout);
      this.stages.set(height, stage);
    }
    return stage;
  }

  private target(memory: PixelMemory, { x, y, width, height }: Viewport): Frame {
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

  private drawNarrow(picture: Picture, memory: PixelMemory, { x, y, width, height }: Viewport): void {
    const layout = { width, height, format: "bgrx" } as const;
    if (this.narrow === undefined || !hasSameLayout(this.narrow.picture, layout)) this.narrow = allocatePicture(layout);
    this.scale(picture, this.source(picture), this.narrow.frame, layout);
    const [plane, stride] = [this.narrow.picture.planes[0] as Buffer, this.narrow.picture.strides[0] as number];
    for (let row = 0; row < height; row++) {
      plane.copy(memory.pixels, (y + row) * memory.stride + x * 4, row * stride, row * stride + width * 4);
    }
  }
}
