import { createServerImage, type Rows, rootArea, type ServerImage, XConnection, XWindow } from "../../src/x11/index.js";

/** BGRX pixels without gaps between the rows; the fourth byte is 0. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** Reads everything that a display shows. The pointer is not part of that. */
export function readScreen(display: string): Pixels {
  const connection = new XConnection(display);
  const { width, height } = rootArea(connection);
  const image = createServerImage(connection, { width, height });
  image.get(connection.root, { x: 0, y: 0 }, { y: 0, height });
  const data = withoutPadding(image.pixels);
  image.close();
  connection.close();
  return { width, height, data };
}

/** A copy of BGRX pixels with the fourth byte 0, which servers fill as they like. */
export function withoutPadding(pixels: Buffer): Buffer {
  const copy = Buffer.from(pixels);
  for (let i = 3; i < copy.length; i += 4) copy[i] = 0;
  return copy;
}

/** A picture in which every pixel differs from its neighbours, and from the same pixel for another seed. */
export function testPixels(width: number, height: number, seed: number): Buffer {
  const data = Buffer.alloc(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    data.writeUInt32LE((Math.imul(i + 1, 0x9e37_79b1) ^ Math.imul(seed + 1, 0x85eb_ca6b)) & 0xff_ffff, i * 4);
  }
  return data;
}

/** A window of another program: it draws onto a display. */
export class Painter {
  readonly connection: XConnection;
  readonly window: XWindow;
  readonly #image: ServerImage;

  /** Opens a window in the top left corner, without waiting for a window manager. */
  constructor(display: string, options: { readonly title: string; readonly width: number; readonly height: number }) {
    this.connection = new XConnection(display);
    this.window = new XWindow(this.connection, options);
    this.window.show(false);
    this.#image = createServerImage(this.connection, options);
  }

  /** Draws rows of a picture of the window's width, and waits until they are on the screen. */
  paint(picture: Buffer, rows: Rows): void {
    picture.copy(this.#image.pixels);
    this.window.put(this.#image, rows, false);
    this.connection.sync();
  }

  /** Changes the window's place and size, and waits until that is done. */
  place(x: number, y: number, width: number, height: number): void {
    this.connection.xlib.XMoveResizeWindow(this.connection.display, this.window.id, x, y, width, height);
    this.connection.sync();
  }

  close(): void {
    this.connection.close();
  }
}
