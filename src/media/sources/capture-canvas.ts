import { PointerPainter } from "../../raster/index.js";
import {
  createServerImage,
  type PointerState,
  type Rectangle,
  type ServerImage,
  type XConnection,
  type XId,
} from "../../x11/index.js";
import { BAND_ROWS, type Band, type ChangedRows, type Picture, type Size } from "../picture.js";
import { RowSet } from "./row-set.js";

/** Unchanged steps of rows between changed ones that are fetched along: cheaper than another request (0.04 ms). */
const FETCH_BRIDGE = 2;
/** From this share of dirty rows on, all are fetched: the picture is then the image that has arrived, and nothing is copied. */
const WHOLE_PICTURE_SHARE = 0.75;

/** Where the pixels of a screen or window are fetched. */
export interface CaptureArea {
  readonly drawable: XId;
  /** The picture within the drawable; width and height even, for 4:2:0. */
  readonly rectangle: Rectangle;
  /** The picture's origin in the coordinates of the damage that tells what is drawn. */
  readonly damageOrigin: { readonly x: number; readonly y: number };
}

/** An image that the server fills, and what is made of it here. */
interface CaptureImage {
  readonly server: ServerImage;
  readonly picture: Picture;
  readonly painter: PointerPainter;
}

/**
 * The picture of a screen or window, kept up to date row by row: rows that were drawn to are fetched next to it and
 * compared, so that only real changes count. Where most rows were drawn to, what was fetched takes the picture's place. The
 * pointer is painted over it.
 */
export class CaptureCanvas {
  readonly area: CaptureArea;
  /** Rows drawn to since they were fetched. */
  readonly dirty: RowSet;
  /** What is shown. */
  private front: CaptureImage;
  /** What rows are fetched into. */
  private back: CaptureImage;
  private readonly changed: RowSet;
  private pointer: PointerState | undefined;
  private isTaken = false;

  /** Starts with nothing fetched. */
  constructor(connection: XConnection, area: CaptureArea) {
    const { width, height } = area.rectangle;
    this.area = area;
    this.front = createImage(connection, { width, height });
    this.back = createImage(connection, { width, height });
    this.dirty = new RowSet(height);
    this.dirty.addAll();
    this.changed = new RowSet(height);
  }

  /** In one of two places in memory, which stay valid after {@link close}. The one before is written to by {@link update}. */
  get picture(): Picture {
    return this.front.picture;
  }

  /**
   * Fetches the dirty rows and paints the pointer.
   *
   * @param pointer - where it is now, relative to the root window; undefined: none is painted
   * @param findOrigin - asked for the picture's top left pixel on the root window when the pointer is painted
   * @returns false if the server refused; then nothing is lost, and it can be tried again
   */
  update(pointer: PointerState | undefined, findOrigin: () => { readonly x: number; readonly y: number }): boolean {
    const hasPointerMoved = !isSamePointer(pointer, this.pointer);
    if (this.dirty.share >= WHOLE_PICTURE_SHARE) this.dirty.addAll();
    const painted = this.front.painter.rows;
    if (hasPointerMoved || (painted && this.dirty.touches(painted.y, painted.height))) this.front.painter.erase();
    if (hasPointerMoved && painted) this.changed.add(painted.y, painted.height);
    const isFetched = this.fetch();
    const { painter } = this.front;
    if (pointer && !painter.rows) {
      const rows = painter.paint(pointer, findOrigin());
      if (hasPointerMoved && rows) this.changed.add(rows.y, rows.height);
    }
    this.pointer = pointer;
    return isFetched;
  }

  /** What changed since the last call; undefined if nothing did. */
  takeChanges(): ChangedRows | undefined {
    if (this.isTaken && this.changed.isEmpty) return undefined;
    const bands = this.isTaken ? this.changed.bands() : "all";
    this.changed.clear();
    this.isTaken = true;
    return bands;
  }

  /** Frees the server's part. */
  close(): void {
    this.front.server.close();
    this.back.server.close();
  }

  private fetch(): boolean {
    const { drawable, rectangle } = this.area;
    for (const band of this.dirty.bands(FETCH_BRIDGE)) {
      if (!this.back.server.get(drawable, rectangle, band)) return false;
      this.keepChanges(band);
    }
    this.dirty.clear();
    return true;
  }

  /** Takes the steps of rows that differ into the picture. */
  private keepChanges(band: Band): void {
    const [from, to] = [this.back.server.pixels, this.front.server.pixels];
    const { stride } = this.front.server;
    const isWhole = band.height === this.area.rectangle.height;
    const end = band.y + band.height;
    let hasChanged = false;
    for (let y = band.y; y < end; y += BAND_ROWS) {
      const height = Math.min(BAND_ROWS, end - y);
      const [first, last] = [y * stride, (y + height) * stride];
      if (from.compare(to, first, last, first, last) === 0) continue;
      if (!isWhole) from.copy(to, first, first, last);
      this.changed.add(y, height);
      hasChanged = true;
    }
    if (isWhole && hasChanged) [this.front, this.back] = [this.back, this.front];
  }
}

function createImage(connection: XConnection, size: Size): CaptureImage {
  const server = createServerImage(connection, size);
  const { pixels, stride } = server;
  return {
    server,
    picture: { ...size, format: "bgrx", planes: [pixels], strides: [stride] },
    painter: new PointerPainter({ ...size, pixels, stride }),
  };
}

function isSamePointer(a: PointerState | undefined, b: PointerState | undefined): boolean {
  return a?.x === b?.x && a?.y === b?.y && a?.shape === b?.shape;
}
