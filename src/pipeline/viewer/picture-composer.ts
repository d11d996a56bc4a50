import { type Picture, PictureScaler } from "../../media/index.js";
import type { StillOverlay } from "./still-overlay.js";

const BYTES_PER_PIXEL = 4;

/** Makes one picture of the video and the still tiles over it, for what cannot lay them over by itself. */
export class PictureComposer {
  private readonly scaler = new PictureScaler();
  private readonly stills: StillOverlay;
  private composed: Picture | undefined;

  constructor(stills: StillOverlay) {
    this.stills = stills;
  }

  /** The picture with the tiles over it; itself if there are none. Its memory is used again by the next call. */
  compose(picture: Picture): Picture {
    if (!this.stills.covers(picture)) return picture;
    const { width, height } = picture;
    const stride = width * BYTES_PER_PIXEL;
    if (this.composed?.width !== width || this.composed.height !== height) {
      this.composed = { width, height, format: "bgrx", planes: [Buffer.alloc(stride * height)], strides: [stride] };
    }
    const memory = { width, height, pixels: this.composed.planes[0] as Buffer, stride };
    this.scaler.draw(picture, "all", memory, { x: 0, y: 0, width, height });
    this.stills.cover(memory, { x: 0, y: 0 }, "all");
    return this.composed;
  }

  /** Frees the scaling contexts. */
  close(): void {
    this.scaler.close();
  }
}
