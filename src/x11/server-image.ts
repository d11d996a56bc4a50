import type { Pointer } from "./shared-library.js";
import type { XId } from "./xlib.js";

/** Rows of an image. */
export interface Rows {
  /** The first row. */
  readonly y: number;
  /** In rows. */
  readonly height: number;
}

/** Pixels that the X server can be asked to fill or to show. */
export interface ServerImage {
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** BGRX, top row first. Stays valid after {@link close} for as long as it is referenced. */
  readonly pixels: Buffer;
  /**
   * Copies rows of a drawable into the same rows of the image; waits until that is done.
   *
   * @param origin - where in the drawable the image's top left pixel lies
   * @returns false if the server refused: the drawable is gone or does not cover those rows
   */
  get(drawable: XId, origin: { readonly x: number; readonly y: number }, rows: Rows): boolean;
  /**
   * Asks the server to show rows of the image at the same place in a window; does not wait.
   *
   * @param notify - send a `put-completed` event once the server has read the rows, where {@link notifies}
   */
  put(window: XId, gc: Pointer, rows: Rows, notify: boolean): void;
  /** Whether {@link put} can send an event when the server no longer reads the pixels; else they may be reused at once. */
  readonly notifies: boolean;
  close(): void;
}
