import koffi from "koffi";
import { SightlineError } from "../core/index.js";
import type { Rows } from "./server-image.js";
import type { Pointer } from "./shared-library.js";

/** Xlib's `XImage`, whose fields it lets its callers change. */
export class ImageHeader {
  private static readonly type = koffi.struct({
    width: "int",
    height: "int",
    xoffset: "int",
    format: "int",
    data: "void *",
    byte_order: "int",
    bitmap_unit: "int",
    bitmap_bit_order: "int",
    bitmap_pad: "int",
    depth: "int",
    bytes_per_line: "int",
    bits_per_pixel: "int",
    red_mask: "unsigned long",
    green_mask: "unsigned long",
    blue_mask: "unsigned long",
    obdata: "void *",
  });
  private static readonly heightOffset = koffi.offsetof(ImageHeader.type, "height");
  private static readonly dataOffset = koffi.offsetof(ImageHeader.type, "data");

  /** The `XImage *`. */
  readonly pointer: Pointer;
  /** Bytes from one row to the next. */
  readonly stride: number;
  private readonly fields: Buffer;

  /** @throws SightlineError `unsupported` unless the pixels are BGRX */
  constructor(image: bigint) {
    this.pointer = image;
    this.fields = Buffer.from(koffi.view(image, koffi.sizeof(ImageHeader.type)));
    const header = koffi.decode(image, ImageHeader.type) as Record<string, number>;
    const isBgrx = header["bits_per_pixel"] === 32 && header["byte_order"] === 0 && header["red_mask"] === 0xff_0000;
    if (!isBgrx) {
      throw new SightlineError(
        "unsupported",
        `the X display has ${header["depth"]} bits a pixel in an unusual order; Sightline needs 24-bit colour`,
      );
    }
    this.stride = header["bytes_per_line"] ?? 0;
  }

  /** Points the image at part of its memory, so that a request moves only these rows. */
  narrow(data: bigint, rows: Rows): void {
    this.fields.writeInt32LE(rows.height, ImageHeader.heightOffset);
    this.fields.writeBigUInt64LE(data + BigInt(rows.y * this.stride), ImageHeader.dataOffset);
  }

  /** Takes the memory away, so that `XDestroyImage` and the like do not free it. */
  detach(): void {
    this.fields.writeBigUInt64LE(0n, ImageHeader.dataOffset);
  }
}
