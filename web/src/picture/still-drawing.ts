import type { PixelRectangle, PixelSize, StillOperation } from "../../../src/core/stills/index.js";

/** More operations are not kept waiting, should the browser want no frames of a page that nobody sees. */
const MOST_WAITING = 32;
/** The pixels as they are: a browser would fit them to the screen's colours, or blend them, and no longer show what was sent. */
const AS_IT_IS: ImageBitmapOptions = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

/** An operation that changes what is drawn, or gives back what was drawn from. */
export type DrawingOperation = Exclude<StillOperation, { readonly kind: "decode" | "refresh" }>;

/**
 * The canvas of the still layer and the images that are drawn on it.
 *
 * The browser puts a frame of the video on the screen without asking the page, but what a page draws only once it has had its
 * turn at the next screen refresh: 8 % of tiles that changed were seen over the new video until then. So the canvas is
 * desynchronized: what is drawn goes to the screen at the end of the task, ahead of the frame that it was told ahead of. Each
 * time the browser copies the whole canvas, so nothing but clearing is done at once; the rest waits for the next refresh.
 */
export class StillDrawing {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private readonly images = new Map<number, ImageBitmap>();
  private waiting: DrawingOperation[] = [];
  private request: number | undefined;
  private size: PixelSize = { width: 0, height: 0 };
  private isClosed = false;

  /** @param canvas - cleared of what the session before has left */
  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { desynchronized: true });
    this.clear([{ x: 0, y: 0, width: canvas.width, height: canvas.height }]);
  }

  /** The picture that the tiles are of; 0 by 0 before it is known. */
  get picture(): PixelSize {
    return this.size;
  }

  /** Decodes an image that will be laid. Returns false if it cannot be decoded, or the drawing was closed meanwhile. */
  async decode(image: number, codec: string, data: Uint8Array): Promise<boolean> {
    try {
      const blob = new Blob([new Uint8Array(data)], { type: `image/${codec}` });
      const bitmap = await createImageBitmap(blob, AS_IT_IS);
      if (this.isClosed) bitmap.close();
      else this.images.set(image, bitmap);
      return !this.isClosed;
    } catch {
      return false;
    }
  }

  /** Takes what is to be done, in order: at once if something is cleared, else at the next screen refresh. */
  take(operations: readonly DrawingOperation[]): void {
    this.waiting.push(...operations);
    const isUrgent = operations.some(({ kind }) => kind === "clear" || kind === "resize");
    if (isUrgent || this.waiting.length > MOST_WAITING) this.draw();
    else if (this.waiting.length > 0) this.request ??= requestAnimationFrame(() => this.draw());
  }

  /** Gives the images back; the canvas is left as it is. */
  close(): void {
    this.isClosed = true;
    this.cancel();
    for (const image of this.images.values()) image.close();
    this.images.clear();
  }

  private draw(): void {
    this.cancel();
    const operations = this.waiting;
    this.waiting = [];
    for (const operation of operations) {
      switch (operation.kind) {
        case "resize":
          this.resize(operation.picture);
          break;
        case "lay":
          this.lay(operation.image, operation.rectangle, operation.parts);
          break;
        case "clear":
          this.clear(operation.parts);
          break;
        case "release":
          this.images.get(operation.image)?.close();
          this.images.delete(operation.image);
          break;
      }
    }
  }

  private cancel(): void {
    if (this.request !== undefined) cancelAnimationFrame(this.request);
    this.request = undefined;
  }

  private lay(image: number, { x, y }: PixelRectangle, parts: readonly PixelRectangle[]): void {
    const bitmap = this.images.get(image);
    if (bitmap === undefined) return;
    for (const part of parts) {
      const { width, height } = part;
      this.context?.drawImage(bitmap, part.x - x, part.y - y, width, height, part.x, part.y, width, height);
    }
  }

  private clear(parts: readonly PixelRectangle[]): void {
    for (const { x, y, width, height } of parts) this.context?.clearRect(x, y, width, height);
  }

  private resize(picture: PixelSize): void {
    this.size = picture;
    // Setting a canvas's size clears it, also where it stays the same.
    this.canvas.width = picture.width;
    this.canvas.height = picture.height;
  }
}
