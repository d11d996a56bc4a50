import { drawText, measureText, type PixelArea } from "#internal/raster/index.js";
import { createServerImage, type ServerImage, XConnection, XWindow } from "#internal/x11/index.js";

const STYLE = { scale: 2, background: 0x101418, color: 0xd0d0d0 };
const CELL = measureText("x", STYLE.scale);
const COLUMNS = 80;
const LINES = 24;
const LETTERS = 26;
/** What is there before anything is typed. */
const SCREENFUL = Array.from(
  { length: LINES - 1 },
  (_, line) => `${line} total 128 drwxr-xr-x 7 user user 4096 src lib test`,
);

/** A terminal in the corner of a display: what is typed appears at the end of its last line. */
export class Terminal {
  readonly size = { width: COLUMNS * CELL.width, height: LINES * CELL.height };
  private readonly connection: XConnection;
  private readonly window: XWindow;
  private readonly image: ServerImage;
  private typed = 0;

  constructor(display: string) {
    this.connection = new XConnection(display);
    this.window = new XWindow(this.connection, { title: "terminal", ...this.size });
    this.window.show(false);
    this.image = createServerImage(this.connection, this.size);
    drawText(this.area, 0, 0, SCREENFUL.join("\n"), STYLE);
    this.window.put(this.image, { y: 0, height: this.size.height }, false);
    this.connection.sync();
    this.connection.onReadable(() => this.readKeys());
  }

  /** The rows in which what is typed appears. */
  get lastLine(): { readonly y: number; readonly height: number } {
    return { y: (LINES - 1) * CELL.height, height: CELL.height };
  }

  private get area(): PixelArea {
    return { pixels: this.image.pixels, stride: this.image.stride, ...this.size };
  }

  private readKeys(): void {
    for (let event = this.connection.pollEvent(); event; event = this.connection.pollEvent()) {
      if (event.kind === "key" && this.window.lastKeyName() !== undefined) this.type();
    }
  }

  private type(): void {
    const { y, height } = this.lastLine;
    // What a full line is begun anew with differs from what was there.
    const letter = String.fromCharCode("a".charCodeAt(0) + (this.typed % LETTERS));
    drawText(this.area, (this.typed % COLUMNS) * CELL.width, y, letter, STYLE);
    this.typed += 1;
    this.window.put(this.image, { y, height }, false);
    this.connection.flush();
  }
}
