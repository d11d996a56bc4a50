import type { PointerPosition, PointerShape, PointerUpdate } from "../../../src/core/pointer/index.js";
import type { PixelSize } from "../../../src/core/stills/index.js";

/** Shapes that are remembered. */
const MAX_SHAPES = 64;

/** The sender's mouse pointer, as an element over the picture: it moves without waiting for a frame. */
export class PointerElement {
  private readonly element = document.createElement("canvas");
  private readonly shapes = new Map<number, PointerShape>();
  private picture: PixelSize = { width: 0, height: 0 };
  private position: PointerPosition | undefined;
  private drawn: PointerShape | undefined;

  /** @param parent - covered by the picture exactly */
  constructor(parent: Element) {
    Object.assign(this.element.style, { position: "absolute", inset: "auto", pointerEvents: "none", display: "none" });
    this.element.setAttribute("aria-hidden", "true");
    parent.append(this.element);
  }

  /** Takes what the sender tells. */
  update(update: PointerUpdate): void {
    if (update.kind === "shape") {
      this.shapes.set(update.shape.id, update.shape);
      const [oldest] = this.shapes.keys();
      if (this.shapes.size > MAX_SHAPES && oldest !== undefined) this.shapes.delete(oldest);
    } else this.position = update.position;
    this.place();
  }

  /** The picture's size, in which positions are told. */
  setPicture(picture: PixelSize): void {
    if (picture.width === this.picture.width && picture.height === this.picture.height) return;
    this.picture = picture;
    this.place();
  }

  /** Takes it off the page. */
  close(): void {
    this.element.remove();
  }

  private place(): void {
    const { element, position, picture } = this;
    const shape = position && this.shapes.get(position.shapeId);
    const isSeen = position?.visible === true && shape !== undefined && picture.width > 0;
    element.style.display = isSeen ? "block" : "none";
    if (!isSeen) return;
    if (this.drawn !== shape) this.draw(shape);
    const share = (pixels: number, of: number) => `${(pixels / of) * 100}%`;
    element.style.left = share(position.x - shape.hotspotX, picture.width);
    element.style.top = share(position.y - shape.hotspotY, picture.height);
    element.style.width = share(shape.width, picture.width);
    element.style.height = share(shape.height, picture.height);
  }

  private draw(shape: PointerShape): void {
    this.drawn = shape;
    if (shape.width === 0 || shape.height === 0) return;
    this.element.width = shape.width;
    this.element.height = shape.height;
    const pixels = new ImageData(new Uint8ClampedArray(shape.rgba), shape.width, shape.height);
    this.element.getContext("2d")?.putImageData(pixels, 0, 0);
  }
}
