import type { Frame } from "node-av/lib";
import type { Picture } from "../picture.js";
import { aliasBgrx, type FrameAlias } from "./picture-frame.js";

/** More than a 4K picture has in use; the bound is for sources whose changes never repeat. */
const MAX_ALIASES = 1_024;

/** Frames over bands of a BGRX picture, made once for each place in its memory. */
export class BandAliases {
  private readonly aliases = new Map<number, FrameAlias>();
  private memory: Buffer | undefined;
  private width = 0;
  private stride = 0;

  /**
   * A frame over the rows `y … y + height` of the first `width` columns of a picture.
   *
   * @param picture - its memory stays in place as long as pictures with the same plane are passed
   */
  get(picture: Picture, { y, height, width }: { y: number; height: number; width: number }): Frame {
    const memory = picture.planes[0] as Buffer;
    const stride = picture.strides[0] as number;
    if (memory !== this.memory || width !== this.width || stride !== this.stride || this.aliases.size >= MAX_ALIASES) {
      this.aliases.clear();
      this.memory = memory;
      this.width = width;
      this.stride = stride;
    }
    const key = y * 0x10000 + height;
    let alias = this.aliases.get(key);
    if (alias === undefined) {
      alias = aliasBgrx(memory.subarray(y * stride, (y + height) * stride), { width, height, stride });
      this.aliases.set(key, alias);
    }
    return alias.frame;
  }
}
