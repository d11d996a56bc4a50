import {
  type PixelRectangle,
  type RtpTimestamp,
  StillReceiver,
  TILE_SIZE,
  TileGrid,
  TileSet,
} from "../../core/index.js";
import {
  type Band,
  type ChangedRows,
  decodeStill,
  joinChanges,
  type PixelMemory,
  type Size,
} from "../../media/index.js";
import { ImageGarbage } from "./image-garbage.js";

const BYTES_PER_PIXEL = 4;

/** What a {@link StillOverlay} tells its viewer. */
export interface StillOverlayHandlers {
  /** These rows of the picture must be drawn again. Not told of what {@link StillOverlay.frameShown} returns. */
  changed(rows: ChangedRows): void;
  /** All still tiles must be sent anew. */
  needsAll(): void;
}

/**
 * The still tiles that lie over the video of a window: exact pixels where nothing has changed for a moment. What it covers is
 * always what the source showed when the frame was captured.
 */
export class StillOverlay {
  private readonly handlers: StillOverlayHandlers;
  private readonly receiver = new StillReceiver({ clearing: "with-frame" });
  private readonly images = new Map<number, Buffer>();
  private readonly garbage = new ImageGarbage();
  private grid = new TileGrid({ width: 0, height: 0 });
  private laid = new TileSet(0);
  private pixels = Buffer.alloc(0);
  /** Every change up to the frame that is shown is known; otherwise nothing is covered. */
  private isCertain = false;

  constructor(handlers: StillOverlayHandlers) {
    this.handlers = handlers;
  }

  /** Takes a message of the still layer. */
  receive(message: Uint8Array): void {
    this.receiver.receive(message);
    this.tell(this.follow());
  }

  /** Another stream is shown from now on. */
  reset(): void {
    this.receiver.reset();
    this.tell(this.follow());
  }

  /** A frame is about to be shown. Returns the rows in which other tiles lie over it than over the frame before. */
  frameShown(timestamp: RtpTimestamp): ChangedRows {
    this.receiver.frameShown(timestamp);
    return this.follow();
  }

  /** Whether any tile lies over a picture of this size. */
  covers(picture: Size): boolean {
    return this.isCertain && this.grid.fits(picture) && !this.laid.isEmpty;
  }

  /** Whether tiles lie over all of these rows of a picture. */
  hides(picture: Size, { y, height }: Band): boolean {
    if (!this.covers(picture)) return false;
    const { columns } = this.grid;
    const first = Math.floor(y / TILE_SIZE) * columns;
    const end = Math.ceil((y + height) / TILE_SIZE) * columns;
    for (let tile = first; tile < end; tile++) if (!this.laid.has(tile)) return false;
    return true;
  }

  /**
   * Lays the tiles over rows of a picture of the size that {@link covers} said yes to.
   *
   * @param memory - where the picture was drawn, with its top left pixel at `origin`
   */
  cover(memory: PixelMemory, origin: { readonly x: number; readonly y: number }, rows: ChangedRows): void {
    const stride = this.grid.width * BYTES_PER_PIXEL;
    for (const band of rows === "all" ? [{ y: 0, height: this.grid.height }] : rows) {
      for (const { x, y, width, height } of this.laidIn(band)) {
        for (let row = y; row < y + height; row++) {
          const from = row * stride + x * BYTES_PER_PIXEL;
          const to = (origin.y + row) * memory.stride + (origin.x + x) * BYTES_PER_PIXEL;
          this.pixels.copy(memory.pixels, to, from, from + width * BYTES_PER_PIXEL);
        }
      }
    }
  }

  /** The parts of a band that tiles lie over: runs of tiles. */
  private *laidIn({ y, height }: Band): Generator<PixelRectangle> {
    const end = Math.min(y + height, this.grid.height);
    for (let top = y; top < end; ) {
      const row = Math.floor(top / TILE_SIZE);
      const bottom = Math.min((row + 1) * TILE_SIZE, end);
      for (let column = 0; column < this.grid.columns; column++) {
        const first = column;
        while (column < this.grid.columns && this.laid.has(row * this.grid.columns + column)) column++;
        if (column === first) continue;
        const run = this.grid.pixels({ column: first, row, columns: column - first, rows: 1 });
        yield { ...run, y: top, height: bottom - top };
      }
      top = bottom;
    }
  }

  /** Does what the receiver wants done; the rows that look different now. */
  private follow(): ChangedRows {
    let changed: ChangedRows = [];
    for (const operation of this.receiver.takeOperations()) {
      switch (operation.kind) {
        case "resize":
          changed = "all";
          this.resize(operation.picture);
          break;
        case "decode":
          void this.decode(operation.image, operation.rectangle, operation.data);
          break;
        case "lay":
          for (const part of operation.parts) this.lay(operation.image, operation.rectangle, part);
          changed = joinChanges(changed, operation.parts.map(rowsOf));
          break;
        case "clear":
          for (const part of operation.parts) for (const tile of this.grid.tilesIn(part)) this.laid.delete(tile);
          changed = joinChanges(changed, operation.parts.map(rowsOf));
          break;
        case "release":
          this.garbage.add(this.images.get(operation.image)?.length ?? 0);
          this.images.delete(operation.image);
          break;
        case "refresh":
          this.handlers.needsAll();
          break;
      }
    }
    if (this.isCertain === this.receiver.isCertain) return changed;
    this.isCertain = this.receiver.isCertain;
    return joinChanges(changed, this.grid.rectanglesOf(this.laid).map(rowsOf));
  }

  private tell(changed: ChangedRows): void {
    if (changed === "all" || changed.length > 0) this.handlers.changed(changed);
  }

  private resize(picture: Size): void {
    const bytes = picture.width * picture.height * BYTES_PER_PIXEL;
    if (this.pixels.length !== bytes) this.pixels = Buffer.alloc(bytes);
    this.grid = new TileGrid(picture);
    this.laid = new TileSet(this.grid.count);
  }

  private async decode(image: number, rectangle: PixelRectangle, data: Uint8Array): Promise<void> {
    try {
      this.images.set(image, await decodeStill(data, rectangle));
      this.receiver.decoded(image);
    } catch {
      this.receiver.failed(image);
    }
    this.tell(this.follow());
  }

  private lay(image: number, { x, y, width }: PixelRectangle, part: PixelRectangle): void {
    const pixels = this.images.get(image);
    if (pixels === undefined) return;
    for (let row = part.y; row < part.y + part.height; row++) {
      const from = ((row - y) * width + (part.x - x)) * BYTES_PER_PIXEL;
      const to = (row * this.grid.width + part.x) * BYTES_PER_PIXEL;
      pixels.copy(this.pixels, to, from, from + part.width * BYTES_PER_PIXEL);
    }
    for (const tile of this.grid.tilesIn(part)) this.laid.add(tile);
  }
}

function rowsOf({ y, height }: PixelRectangle): Band {
  return { y, height };
}
