import { createServerImage, type ServerImage, XConnection } from "#internal/x11/index.js";
import { readTile, TILE } from "./tile-code.js";

/** The row of a tile that is read: every tile has it, the cut ones at the bottom too. */
const READ_ROW = 6;

/** Reads the numbers that the tiles of a display show, one row of pixels a row of tiles. */
export class TileReader {
  private readonly connection: XConnection;
  private readonly image: ServerImage;

  constructor(display: string, size: { readonly width: number; readonly height: number }) {
    this.connection = new XConnection(display);
    this.image = createServerImage(this.connection, size);
  }

  /** Reads a row of tiles as it is now. */
  readRow(row: number): readonly (number | undefined)[] {
    const { image, connection } = this;
    const y = row * TILE + READ_ROW;
    image.get(connection.root, { x: 0, y: 0 }, { y, height: 1 });
    const columns = Math.floor(image.width / TILE);
    return Array.from({ length: columns }, (_, column) => {
      return readTile(image.pixels, y * image.stride + column * TILE * 4);
    });
  }
}
