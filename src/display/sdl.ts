import { bindLibrary, once, type Pointer } from "../x11/index.js";

/** The functions of SDL 2 that Sightline calls, named as in SDL. */
export interface Sdl {
  SDL_SetHint(name: string, value: string): number;
  SDL_Init(flags: number): number;
  SDL_QuitSubSystem(flags: number): void;
  SDL_GetError(): string;
  SDL_GetCurrentVideoDriver(): string | null;
  SDL_CreateWindow(title: string, x: number, y: number, width: number, height: number, flags: number): Pointer;
  SDL_DestroyWindow(window: Pointer): void;
  SDL_SetWindowTitle(window: Pointer, title: string): void;
  SDL_SetWindowFullscreen(window: Pointer, flags: number): number;
  SDL_GetWindowSurface(window: Pointer): bigint | null;
  SDL_UpdateWindowSurfaceRects(window: Pointer, rectangles: Int32Array, count: number): number;
  SDL_GetWindowSize(window: Pointer, width: Int32Array, height: Int32Array): void;
  SDL_GetDisplayUsableBounds(display: number, rectangle: Int32Array): number;
  SDL_ConvertPixels(
    width: number,
    height: number,
    fromFormat: number,
    from: Buffer,
    fromPitch: number,
    toFormat: number,
    to: bigint,
    toPitch: number,
  ): number;
  SDL_PollEvent(event: Buffer): number;
  SDL_GetKeyName(key: number): string;
}

/**
 * SDL 2, loaded at the first call.
 *
 * @throws SightlineError `unsupported` if it is missing
 */
export const sdl: () => Sdl = once(() =>
  bindLibrary<Sdl>(
    {
      files: [
        "libSDL2-2.0.so.0",
        "libSDL2-2.0.0.dylib",
        "/opt/homebrew/lib/libSDL2-2.0.0.dylib",
        "/usr/local/lib/libSDL2-2.0.0.dylib",
        "SDL2.dll",
      ],
      package: "libsdl2-2.0-0 (elsewhere called SDL2 or sdl2)",
    },
    {
      SDL_SetHint: "int SDL_SetHint(const char *, const char *)",
      SDL_Init: "int SDL_Init(uint32_t)",
      SDL_QuitSubSystem: "void SDL_QuitSubSystem(uint32_t)",
      SDL_GetError: "const char *SDL_GetError()",
      SDL_GetCurrentVideoDriver: "const char *SDL_GetCurrentVideoDriver()",
      SDL_CreateWindow: "void *SDL_CreateWindow(const char *, int, int, int, int, uint32_t)",
      SDL_DestroyWindow: "void SDL_DestroyWindow(void *)",
      SDL_SetWindowTitle: "void SDL_SetWindowTitle(void *, const char *)",
      SDL_SetWindowFullscreen: "int SDL_SetWindowFullscreen(void *, uint32_t)",
      SDL_GetWindowSurface: "void *SDL_GetWindowSurface(void *)",
      SDL_UpdateWindowSurfaceRects: "int SDL_UpdateWindowSurfaceRects(void *, void *, int)",
      SDL_GetWindowSize: "void SDL_GetWindowSize(void *, void *, void *)",
      SDL_GetDisplayUsableBounds: "int SDL_GetDisplayUsableBounds(int, void *)",
      SDL_ConvertPixels: "int SDL_ConvertPixels(int, int, uint32_t, void *, int, uint32_t, void *, int)",
      SDL_PollEvent: "int SDL_PollEvent(void *)",
      SDL_GetKeyName: "const char *SDL_GetKeyName(int32_t)",
    },
  ),
);

/** The video subsystem, for SDL_Init. */
export const SDL_INIT_VIDEO = 0x20;
/** A window position: the middle of the screen. */
export const SDL_WINDOWPOS_CENTERED = 0x2fff_0000;
/** A window flag: the user can resize it. */
export const SDL_WINDOW_RESIZABLE = 0x20;
/** A window flag: it covers the desktop at the desktop's resolution. */
export const SDL_WINDOW_FULLSCREEN_DESKTOP = 0x1001;

/** 32-bit pixels 0x00RRGGBB, which little-endian machines store as BGRX. */
export const SDL_PIXELFORMAT_RGB888 = 0x1616_1804;

/** Types of SDL_Event. */
export const SdlEvent = { QUIT: 0x100, WINDOW: 0x200, KEY_DOWN: 0x300 } as const;
/** Kinds of SDL_WINDOWEVENT. */
export const SdlWindowEvent = { EXPOSED: 3, SIZE_CHANGED: 6, CLOSE: 14 } as const;
/** Bytes in the union SDL_Event, rounded up. */
export const SDL_EVENT_BYTES = 128;
