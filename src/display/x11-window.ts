import { createServerImage, fitScreen, type ServerImage, XConnection, type XEvent, XWindow } from "../x11/index.js";
import { clipBands, type Surface, type SurfaceBand, type SurfaceEvent, type SurfaceOptions } from "./surface.js";

/**
 * Opens a window on the X display that DISPLAY names.
 *
 * @throws SightlineError `unsupported` without libX11 or with fewer than 24 bits a pixel, `not-found` without a display
 */
export function openX11Window(options: SurfaceOptions): Surface {
  const connection = new XConnection();
  try {
    return new X11Surface(connection, options);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** The image lies in memory that the X server reads, so that showing rows costs one request. */
class X11Surface implements Surface {
  readonly kind = "x11";
  private readonly connection: XConnection;
  private readonly window: XWindow;
  private image: ServerImage;
  /** The server has not read everything that was presented yet. */
  private isReading = false;
  private events: SurfaceEvent[] = [];
  private isClosed = false;

  constructor(connection: XConnection, options: SurfaceOptions) {
    this.connection = connection;
    this.window = new XWindow(connection, { title: options.title, ...fitScreen(connection, options) });
    this.window.show(options.fullscreen);
    if (connection.lost) throw connection.lostError();
    this.image = createServerImage(connection, this.window.size);
  }

  get width(): number {
    return this.image.width;
  }

  get height(): number {
    return this.image.height;
  }

  get pixels(): Buffer {
    return this.image.pixels;
  }

  get stride(): number {
    return this.image.stride;
  }

  present(bands: readonly SurfaceBand[]): void {
    const visible = clipBands(bands, this.image.height);
    if (this.isClosed || visible.length === 0) return;
    if (this.isReading) this.readEvents();
    // Only a server that is a whole picture behind is waited for: otherwise requests would pile up.
    if (this.isReading) this.connection.sync();
    this.put(visible);
  }

  poll(): readonly SurfaceEvent[] {
    if (!this.isClosed) this.readEvents();
    const events = this.events;
    this.events = [];
    return events;
  }

  onReadable(callback: () => void): void {
    if (!this.isClosed) this.connection.onReadable(callback);
  }

  setTitle(title: string): void {
    if (!this.isClosed) this.window.setTitle(title);
  }

  setFullscreen(on: boolean): void {
    if (!this.isClosed) this.window.setFullscreen(on);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.image.close();
    this.window.close();
    this.connection.close();
  }

  private put(bands: readonly SurfaceBand[]): void {
    for (const [index, band] of bands.entries()) {
      this.window.put(this.image, band, index === bands.length - 1);
    }
    this.isReading = this.image.notifies;
    this.connection.flush();
  }

  private readEvents(): void {
    let size: { readonly width: number; readonly height: number } | undefined;
    let isExposed = false;
    for (let event = this.connection.pollEvent(); event; event = this.connection.pollEvent()) {
      if (event.kind === "configured") size = event;
      else if (event.kind === "expose") isExposed = true;
      else this.handle(event);
    }
    if (size && (size.width !== this.image.width || size.height !== this.image.height)) {
      this.resize(size);
    } else if (isExposed) {
      this.put([{ y: 0, height: this.image.height }]);
      this.events.push({ kind: "expose" });
    }
    if (this.connection.lost) {
      this.events.push({ kind: "lost", error: this.connection.lostError() });
      this.close();
    }
  }

  private handle(event: XEvent): void {
    if (event.kind === "put-completed") {
      this.isReading = false;
    } else if (event.kind === "key") {
      const name = this.window.lastKeyName();
      if (name) this.events.push({ kind: "key", key: name.toLowerCase() });
    } else if (
      event.kind === "destroyed" ||
      (event.kind === "client-message" && this.window.isCloseRequest(event.data))
    ) {
      this.events.push({ kind: "close" });
    }
  }

  private resize(size: { readonly width: number; readonly height: number }): void {
    const image = createServerImage(this.connection, size);
    this.image.close();
    this.image = image;
    this.isReading = false;
    this.events.push({ kind: "resize", width: size.width, height: size.height });
  }
}
