import type { PointerPosition, PointerShapeHeader, Viewport } from "../../media/index.js";
import { type PixelArea, type PointerImage, PointerPainter } from "../../raster/index.js";

/** Shapes that are remembered; a sender that never uses one again is not known to. */
const MAX_SHAPES = 64;
/** No pointer is larger, in pixels either way. */
const MAX_SHAPE_SIZE = 512;

/** Rows of the window. */
interface Rows {
  readonly y: number;
  readonly height: number;
}

/** The sender's mouse pointer, drawn over the picture in a window. The pixels beneath it stay known exactly. */
export class PointerOverlay {
  private readonly shapes = new Map<number, PointerImage>();
  private position: PointerPosition | undefined;
  private painter: PointerPainter | undefined;
  private pixels: Uint8Array | undefined;

  /** A shape that positions will refer to; one that makes no sense is dropped. */
  addShape({ id, width, height, hotspotX, hotspotY }: PointerShapeHeader, rgba: Uint8Array): void {
    if (width > MAX_SHAPE_SIZE || height > MAX_SHAPE_SIZE || rgba.length !== width * height * 4) return;
    const [oldest] = this.shapes.keys();
    if (this.shapes.size >= MAX_SHAPES && oldest !== undefined) this.shapes.delete(oldest);
    this.shapes.set(id, { width, height, hotX: hotspotX, hotY: hotspotY, argb: toPremultipliedArgb(rgba) });
  }

  /** Where the pointer is in the sender's picture; seen after the next {@link paint}. */
  move(position: PointerPosition | undefined): void {
    this.position = position;
  }

  /** Takes the pointer out of the window's pixels. @returns the rows that showed it */
  erase(): Rows[] {
    const rows = this.painter?.rows;
    this.painter?.erase();
    return rows === undefined ? [] : [{ y: rows.y, height: rows.height }];
  }

  /**
   * Draws the pointer; it must have been erased before.
   *
   * @param area - the window's pixels
   * @param viewport - where in them the picture lies
   * @param picture - the picture's own size
   * @returns the rows that show it
   */
  paint(area: PixelArea, viewport: Viewport, picture: { readonly width: number; readonly height: number }): Rows[] {
    const { position } = this;
    const shape = position && this.shapes.get(position.shapeId);
    if (!position?.visible || !shape) return [];
    if (this.painter === undefined || this.pixels !== area.pixels) {
      this.painter = new PointerPainter(area);
      this.pixels = area.pixels;
    }
    const x = viewport.x + Math.round((position.x * viewport.width) / picture.width);
    const y = viewport.y + Math.round((position.y * viewport.height) / picture.height);
    const rows = this.painter.paint({ x, y, shape }, { x: 0, y: 0 });
    return rows === undefined ? [] : [{ y: rows.y, height: rows.height }];
  }

  /** The window's pixels are others now, and none of them shows the pointer. */
  forgetPixels(): void {
    this.painter = undefined;
  }
}

function toPremultipliedArgb(rgba: Uint8Array): Uint32Array {
  const argb = new Uint32Array(rgba.length / 4);
  for (let i = 0; i < argb.length; i++) {
    const alpha = rgba[4 * i + 3] as number;
    let pixel = alpha;
    for (let channel = 0; channel < 3; channel++) {
      pixel = (pixel << 8) | Math.round(((rgba[4 * i + channel] as number) * alpha) / 255);
    }
    argb[i] = pixel;
  }
  return argb;
}
