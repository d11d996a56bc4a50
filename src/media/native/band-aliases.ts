import type { Frame } from "node-av/lib";
import type { Picture } from "../picture.js";
import { copyRows } from "./copy-rows.js";
import { aliasBgrx, allocatePicture, type FrameAlias, type PictureFrame, VECTOR_PIXELS } from "./picture-frame.js";

/** Of one picture: more than in 4K are in use; the bound is for sources whose changes never repeat. */
const MAX_ALIASES = 1_024;

/** Some of a picture's rows. */
interface Rows {
  readonly y: number;
  readonly height: number;
  /** The first columns, in pixels. */
  readonly width: number;
}

/** Frames over bands of BGRX pictures for reading, made once for each place in their memory. */
export class BandAliases {
  /** By the memory, of which a source has few in turn, and the place in it. */
  private memories = new WeakMap<Buffer, Map<number, FrameAlias>>();
  private width = 0;
  private stride = 0;
  private staging: PictureFrame | undefined;

  /**
   * A frame of the rows, valid until the next call.
   *
   * @param picture - its memory stays in place as long as pictures with the same plane are passed
   */
  get(picture: Picture, rows: Rows): Frame {
    const memory = picture.planes[0] as Buffer;
    const stride = picture.strides[0] as number;
    const { y, height, width } = rows;
    const end = (y + height - 1) * stride + width * 4;
    const isOverrun = width % VECTOR_PIXELS !== 0 && memory.length - end < VECTOR_PIXELS * 4;
    if (isOverrun) return this.copy(picture, rows);
    const aliases = this.aliasesOf(memory, { width, stride });
    const key = y * 0x10000 + height;
    let alias = aliases.get(key);
    if (alias === undefined) {
      if (aliases.size >= MAX_ALIASES) aliases.clear();
      alias = aliasBgrx(memory.subarray(y * stride, end), { width, height, stride });
      aliases.set(key, alias);
    }
    return alias.frame;
  }

  private aliasesOf(memory: Buffer, { width, stride }: { width: number; stride: number }): Map<number, FrameAlias> {
    if (width !== this.width || stride !== this.stride) {
      this.memories = new WeakMap();
      this.width = width;
      this.stride = stride;
    }
    let aliases = this.memories.get(memory);
    if (aliases === undefined) {
      aliases = new Map();
      this.memories.set(memory, aliases);
    }
    return aliases;
  }

  private copy(picture: Picture, { y, height, width }: Rows): Frame {
    const last = this.staging?.picture;
    if (this.staging === undefined || last?.width !== width || last.height !== height) {
      this.staging = allocatePicture({ width, height, format: "bgrx" });
    }
    copyRows(picture, this.staging.picture, { fromY: y, toY: 0, height });
    return this.staging.frame;
  }
}
