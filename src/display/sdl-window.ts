import koffi from "koffi";
import { SightlineError } from "../core/index.js";
import { once, type Pointer } from "../x11/index.js";
import {
  SDL_EVENT_BYTES,
  SDL_INIT_VIDEO,
  SDL_PIXELFORMAT_RGB888,
  SDL_WINDOW_FULLSCREEN_DESKTOP,
  SDL_WINDOW_RESIZABLE,
  SDL_WINDOWPOS_CENTERED,
  type Sdl,
  SdlEvent,
  SdlWindowEvent,
  sdl,
} from "./sdl.js";
import { clipBands, type Surface, type SurfaceBand, type SurfaceEvent, type SurfaceOptions } from "./surface.js";

/** What SDL_Surface and SDL_PixelFormat start with. */
const surfaceHeader = once(() =>
  koffi.struct({ flags: "uint32_t", format: "void *", w: "int", h: "int", pitch: "int", pixels: "void *" }),
);
interface SurfaceHeader {
  readonly format: bigint;
  readonly w: number;
  readonly h: number;
  readonly pitch: number;
  readonly pixels: bigint | null;
}

/** SDL announces no events, so they are looked for this often, in ms: a key press is felt at once. */
const EVENT_INTERVAL_MS = 15;
/** SDL's drivers that draw into nothing anyone sees; it falls back to them where there is no display. */
const INVISIBLE_DRIVERS = new Set(["dummy", "offscreen", "evdev"]);

/**
 * Opens a window with SDL 2: on Wayland, macOS and Windows, and on X11 where libX11's extensions are missing.
 *
 * @throws SightlineError `unsupported` without SDL 2 or without anything to show a window on
 */
export function openSdlWindow(options: SurfaceOptions): Surface {
  const library = sdl();
  // Where there can be neither an X11 nor a Wayland display, libwayland would complain on stderr in its own words.
  const { DISPLAY: display, XDG_RUNTIME_DIR: runtimeFolder } = process.env;
  if (process.platform === "linux" && !display && !runtimeFolder) throw noDisplay();
  // SDL would catch SIGINT and SIGTERM, which belong to the program.
  library.SDL_SetHint("SDL_NO_SIGNAL_HANDLERS", "1");
  // Without this, SDL passes every picture through OpenGL: 13 ms instead of 1 where that is done in software. Elsewhere than
  // on Linux there is no other way.
  if (process.platform === "linux") library.SDL_SetHint("SDL_FRAMEBUFFER_ACCELERATION", "0");
  if (library.SDL_Init(SDL_INIT_VIDEO) !== 0) throw failure(library, "no window can be opened here");
  if (INVISIBLE_DRIVERS.has(library.SDL_GetCurrentVideoDriver() ?? "dummy")) {
    library.SDL_QuitSubSystem(SDL_INIT_VIDEO);
    throw noDisplay();
  }
  const { width, height } = fitDisplay(library, options);
  const flags = SDL_WINDOW_RESIZABLE | (options.fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
  const center = SDL_WINDOWPOS_CENTERED;
  const window = library.SDL_CreateWindow(options.title, center, center, width, height, flags);
  if (window === null) {
    const error = failure(library, "SDL cannot open a window");
    library.SDL_QuitSubSystem(SDL_INIT_VIDEO);
    throw error;
  }
  return new SdlSurface(library, window);
}

/** The pixels are ours; SDL's own change their place with every resize. */
class SdlSurface implements Surface {
  readonly kind = "sdl";
  private currentWidth = 0;
  private currentHeight = 0;
  private currentPixels: Buffer = Buffer.alloc(0);
  private readonly sdl: Sdl;
  private readonly window: Pointer;
  private readonly event = Buffer.alloc(SDL_EVENT_BYTES);
  private pollTimer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(library: Sdl, window: Pointer) {
    this.sdl = library;
    this.window = window;
    this.adoptSize();
  }

  get width(): number {
    return this.currentWidth;
  }

  get height(): number {
    return this.currentHeight;
  }

  get pixels(): Buffer {
    return this.currentPixels;
  }

  get stride(): number {
    return this.currentWidth * 4;
  }

  present(bands: readonly SurfaceBand[]): void {
    if (this.isClosed) return;
    const address = this.sdl.SDL_GetWindowSurface(this.window);
    if (address === null) return;
    const surface = koffi.decode(address, surfaceHeader()) as SurfaceHeader;
    const visible = clipBands(bands, Math.min(this.currentHeight, surface.h));
    if (surface.pixels === null || visible.length === 0) return;
    const format = koffi.decode(surface.format, "uint32_t") as number;
    const width = Math.min(this.currentWidth, surface.w);
    for (const { y, height } of visible) {
      const from = this.currentPixels.subarray(y * this.stride);
      const to = surface.pixels + BigInt(y * surface.pitch);
      this.sdl.SDL_ConvertPixels(width, height, SDL_PIXELFORMAT_RGB888, from, this.stride, format, to, surface.pitch);
    }
    const rectangles = Int32Array.from(visible.flatMap(({ y, height }) => [0, y, width, height]));
    this.sdl.SDL_UpdateWindowSurfaceRects(this.window, rectangles, visible.length);
  }

  poll(): readonly SurfaceEvent[] {
    const events: SurfaceEvent[] = [];
    while (!this.isClosed && this.sdl.SDL_PollEvent(this.event) !== 0) {
      const type = this.event.readUInt32LE(0);
      if (type === SdlEvent.QUIT) pushClose(events);
      else if (type === SdlEvent.WINDOW) this.handleWindowEvent(this.event.readUInt8(12), events);
      else if (type === SdlEvent.KEY_DOWN) {
        const name = this.sdl.SDL_GetKeyName(this.event.readInt32LE(20));
        if (name !== "") events.push({ kind: "key", key: name.toLowerCase() });
      }
    }
    return events;
  }

  onReadable(callback: () => void): void {
    this.pollTimer = setInterval(callback, EVENT_INTERVAL_MS);
  }

  setTitle(title: string): void {
    if (!this.isClosed) this.sdl.SDL_SetWindowTitle(this.window, title);
  }

  setFullscreen(on: boolean): void {
    if (!this.isClosed) this.sdl.SDL_SetWindowFullscreen(this.window, on ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearInterval(this.pollTimer);
    this.sdl.SDL_DestroyWindow(this.window);
    this.sdl.SDL_QuitSubSystem(SDL_INIT_VIDEO);
  }

  private handleWindowEvent(kind: number, events: SurfaceEvent[]): void {
    if (kind === SdlWindowEvent.SIZE_CHANGED && this.adoptSize()) {
      events.push({ kind: "resize", width: this.currentWidth, height: this.currentHeight });
    } else if (kind === SdlWindowEvent.EXPOSED) {
      this.present([{ y: 0, height: this.currentHeight }]);
      events.push({ kind: "expose" });
    } else if (kind === SdlWindowEvent.CLOSE) {
      pushClose(events);
    }
  }

  /** Makes memory of the window's size; false if it has that size already. */
  private adoptSize(): boolean {
    const [width, height] = [new Int32Array(1), new Int32Array(1)];
    this.sdl.SDL_GetWindowSize(this.window, width, height);
    const [newWidth, newHeight] = [width[0] ?? 0, height[0] ?? 0];
    if (newWidth === this.currentWidth && newHeight === this.currentHeight) return false;
    this.currentWidth = newWidth;
    this.currentHeight = newHeight;
    this.currentPixels = Buffer.alloc(newWidth * newHeight * 4);
    return true;
  }
}

function noDisplay(): SightlineError {
  return new SightlineError("unsupported", "there is no display to open a window on; start a graphical session");
}

/** SDL announces the end of the last window twice: for the window, and for the program. */
function pushClose(events: SurfaceEvent[]): void {
  if (!events.some(({ kind }) => kind === "close")) events.push({ kind: "close" });
}

/** The size wished for, scaled down so that it fits the first display. */
function fitDisplay(library: Sdl, { width, height }: SurfaceOptions): { width: number; height: number } {
  const bounds = new Int32Array(4);
  const [, , displayWidth, displayHeight] = library.SDL_GetDisplayUsableBounds(0, bounds) === 0 ? bounds : [];
  const scale = Math.min(1, (displayWidth || width) / width, (displayHeight || height) / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function failure(library: Sdl, what: string): SightlineError {
  return new SightlineError("unsupported", `${what}: ${library.SDL_GetError()}`);
}
