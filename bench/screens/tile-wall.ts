import { createServerImage, type ServerImage, XConnection, XWindow } from "#internal/x11/index.js";
import { drawTile, TILE } from "./tile-code.js";

/** A column of tiles: a window of its own, because rows of a window are drawn whole. */
interface Column {
  readonly window: XWindow;
  readonly image: ServerImage;
}

/** A display covered with tiles, each of which shows a number. */
export class TileWall {
  readonly columns: number;
  readonly rows: number;
  private readonly connection: XConnection;
  private readonly windows: readonly Column[];
  private readonly height: number;
  private readonly noise: () => number;

  /** @param noise - a number from 0 on, below 1 */
  constructor(display: string, size: { readonly width: number; readonly height: number }, noise: () => number) {
    this.connection = new XConnection(display);
    this.columns = Math.floor(size.width / TILE);
    this.rows = Math.ceil(size.height / TILE);
    this.height = size.height;
    this.noise = noise;
    this.windows = Array.from({ length: this.columns }, (_, column) => this.openColumn(column));
  }

  /** Shows a number in a tile, as soon as {@link flush} is called. */
  show(column: number, row: number, number: number): void {
    const { window, image } = this.windows[column] as Column;
    const rows = Math.min(TILE, this.height - row * TILE);
    drawTile(image.pixels, row * TILE, { number, rows, noise: this.noise });
    window.put(image, { y: row * TILE, height: rows }, false);
  }

  /** Waits until all that was drawn is on the display. */
  flush(): void {
    this.connection.sync();
  }

  private openColumn(column: number): Column {
    const { connection, height } = this;
    const window = new XWindow(connection, { title: "tiles", width: TILE, height });
    window.show(false);
    connection.xlib.XMoveResizeWindow(connection.display, window.id, column * TILE, 0, TILE, height);
    connection.sync();
    return { window, image: createServerImage(connection, { width: TILE, height }) };
  }
}
