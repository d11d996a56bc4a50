import koffi from "koffi";
import { SightlineError } from "../core/index.js";
import type { XConnection } from "./connection.js";
import { ImageHeader } from "./image-header.js";
import type { Rows, ServerImage } from "./server-image.js";
import type { Pointer } from "./shared-library.js";
import { ALL_PLANES, type XId, Z_PIXMAP } from "./xlib.js";

/** Bits to which every row is padded: whole pixels. */
const ROW_PADDING_BITS = 32;

/** Frees images' memory once no Buffer shows it. */
const freer = new FinalizationRegistry<bigint>((address) => koffi.free(address));

/** An image in memory of this process, whose pixels travel through the connection. */
export function createPlainImage(
  connection: XConnection,
  size: { readonly width: number; readonly height: number },
): ServerImage {
  const { display, xlib, screen } = connection;
  const bytes = size.width * size.height * 4;
  const address = koffi.alloc("uint8_t", bytes) as bigint;
  const visual = xlib.XDefaultVisual(display, screen);
  const depth = xlib.XDefaultDepth(display, screen);
  const image = connection.lost
    ? null
    : xlib.XCreateImage(display, visual, depth, Z_PIXMAP, 0, address, size.width, size.height, ROW_PADDING_BITS, 0);
  if (image === null) {
    koffi.free(address);
    throw connection.lost ? connection.lostError() : new SightlineError("internal", "the X display refused an image");
  }
  const memory = koffi.view(address, bytes);
  freer.register(memory, address);
  return new PlainImage(connection, { header: new ImageHeader(image), address, memory, ...size });
}

interface PlainImageParts {
  readonly header: ImageHeader;
  readonly address: bigint;
  readonly memory: ArrayBuffer;
  readonly width: number;
  readonly height: number;
}

class PlainImage implements ServerImage {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly pixels: Buffer;
  readonly notifies = false;
  private readonly connection: XConnection;
  private readonly header: ImageHeader;
  private readonly address: bigint;
  private isOpen = true;

  constructor(connection: XConnection, parts: PlainImageParts) {
    this.width = parts.width;
    this.height = parts.height;
    this.stride = parts.header.stride;
    this.pixels = Buffer.from(parts.memory);
    this.connection = connection;
    this.header = parts.header;
    this.address = parts.address;
  }

  get(drawable: XId, origin: { readonly x: number; readonly y: number }, rows: Rows): boolean {
    if (this.connection.lost || !this.isOpen) return false;
    const { display, xlib } = this.connection;
    const { pointer } = this.header;
    this.header.narrow(this.address, { y: 0, height: this.height });
    const y = origin.y + rows.y;
    return (
      xlib.XGetSubImage(
        display,
        drawable,
        origin.x,
        y,
        this.width,
        rows.height,
        ALL_PLANES,
        Z_PIXMAP,
        pointer,
        0,
        rows.y,
      ) !== null
    );
  }

  put(window: XId, gc: Pointer, rows: Rows): void {
    if (this.connection.lost || !this.isOpen) return;
    const { display, xlib } = this.connection;
    this.header.narrow(this.address, { y: 0, height: this.height });
    xlib.XPutImage(display, window, gc, this.header.pointer, 0, rows.y, 0, rows.y, this.width, rows.height);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.header.detach();
    this.connection.xlib.XFree(this.header.pointer);
  }
}
