import { SightlineError } from "../core/index.js";
import { openSdlWindow } from "./sdl-window.js";
import type { Surface, SurfaceOptions } from "./surface.js";
import { openX11Window } from "./x11-window.js";

/**
 * Opens a window: straight through X11, which is fastest, where DISPLAY is set and libX11 is installed; else with SDL 2.
 *
 * @throws SightlineError `unsupported` where neither works; the message names what to install. `not-found` if DISPLAY names
 *   a display that does not answer
 */
export function openSurface(options: SurfaceOptions): Surface {
  if (!process.env["DISPLAY"]) return openSdlWindow(options);
  try {
    return openX11Window(options);
  } catch (error) {
    if (!(error instanceof SightlineError) || error.code !== "unsupported") throw error;
    return openSdlWindow(options);
  }
}
