import type { PixelSize } from "../../core/index.js";

/** A few dozen are in use while a page scrolls. */
const MAX_IMAGES = 64;
/** Larger ones are rare, and would take too much memory. */
const MAX_PIXELS = 128 * 128;

/**
 * Remembers images of one colour. While a page scrolls, blank tiles between its lines come to rest a dozen times a second, and
 * to code or decode one takes a millisecond of several threads.
 */
export class PlainImages {
  private readonly images = new Map<string, Buffer>();

  /** The image of this size and content, if it is remembered; for reading alone. */
  get(size: PixelSize, content: string): Buffer | undefined {
    return this.images.get(keyOf(size, content));
  }

  /** Remembers an image, unless it is large, in place of the one that was added first. */
  add(size: PixelSize, content: string, image: Buffer): void {
    if (size.width * size.height > MAX_PIXELS) return;
    for (const oldest of this.images.keys()) {
      if (this.images.size < MAX_IMAGES) break;
      this.images.delete(oldest);
    }
    this.images.set(keyOf(size, content), image);
  }
}

function keyOf({ width, height }: PixelSize, content: string): string {
  return `${width}x${height} ${content}`;
}
