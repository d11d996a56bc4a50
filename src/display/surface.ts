import type { SightlineError } from "../core/index.js";

/** Full-width rows of a surface. */
export interface SurfaceBand {
  /** The first row. */
  readonly y: number;
  /** In rows. */
  readonly height: number;
}

/** What happened to a surface's window. */
export type SurfaceEvent =
  /** The drawable size changed; {@link Surface.pixels} is other memory now, with nothing in it. */
  | { readonly kind: "resize"; readonly width: number; readonly height: number }
  /** A key was pressed, by its lower-case name: "q", "f", "escape", "f11". */
  | { readonly kind: "key"; readonly key: string }
  /** A part became visible again. It is shown again already; this is for information. */
  | { readonly kind: "expose" }
  /** A person closed the window. */
  | { readonly kind: "close" }
  /** The display is gone, and the window with it. */
  | { readonly kind: "lost"; readonly error: SightlineError };

/**
 * A window that shows pixels. Draw into {@link pixels}, {@link present} the rows that changed, and {@link poll} when
 * {@link onReadable} calls. Nothing here waits, except that {@link present} lets a slow display catch up.
 */
export interface Surface {
  readonly kind: "x11" | "sdl";
  /** Of the drawable area, in pixels. */
  readonly width: number;
  /** Of the drawable area, in pixels. */
  readonly height: number;
  /** BGRX, top row first. Other memory after each `resize` event; the old one may still be written to. */
  readonly pixels: Buffer;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Shows rows of {@link pixels}. */
  present(bands: readonly SurfaceBand[]): void;
  /** What happened since the last call. After `close` or `lost` nothing more is shown. */
  poll(): readonly SurfaceEvent[];
  /** Calls back when {@link poll} may have something to tell, until the surface is closed. */
  onReadable(callback: () => void): void;
  setTitle(title: string): void;
  /** Covers the whole screen, or goes back. A `resize` event follows. */
  setFullscreen(on: boolean): void;
  /** Removes the window. */
  close(): void;
}

/** What window is wanted. */
export interface SurfaceOptions {
  readonly title: string;
  /** The size wished for, in pixels; scaled down if the screen is smaller. */
  readonly width: number;
  /** See {@link width}. */
  readonly height: number;
  readonly fullscreen: boolean;
}

/** `bands` without what lies outside a surface of `height` rows. */
export function clipBands(bands: readonly SurfaceBand[], height: number): SurfaceBand[] {
  const clipped: SurfaceBand[] = [];
  for (const band of bands) {
    const y = Math.max(0, band.y);
    const end = Math.min(band.y + band.height, height);
    if (y < end) clipped.push({ y, height: end - y });
  }
  return clipped;
}
