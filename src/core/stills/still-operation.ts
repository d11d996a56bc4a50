import type { StillCodec } from "./still-rectangle.js";
import type { PixelRectangle, PixelSize } from "./tile-grid.js";

/** What a viewer is to do with its layer of still pixels, in this order. Coordinates are those of the whole picture. */
export type StillOperation =
  /** The layer has this size from now on, and nothing in it. */
  | { readonly kind: "resize"; readonly picture: PixelSize }
  /** Decode an image, which is to be laid there, and say so with `StillReceiver.decoded`. */
  | {
      readonly kind: "decode";
      readonly image: number;
      readonly rectangle: PixelRectangle;
      readonly codec: StillCodec;
      readonly data: Uint8Array;
    }
  /** Lay these parts of a decoded image over the video. */
  | {
      readonly kind: "lay";
      readonly image: number;
      readonly rectangle: PixelRectangle;
      readonly parts: readonly PixelRectangle[];
    }
  /** The image is not needed any more. */
  | { readonly kind: "release"; readonly image: number }
  /** Let the video be seen here again. */
  | { readonly kind: "clear"; readonly parts: readonly PixelRectangle[] }
  /** Ask the sender for everything anew. */
  | { readonly kind: "refresh" };
