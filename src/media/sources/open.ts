import { SightlineError } from "../../core/index.js";
import { openCamera } from "./camera.js";
import { openDesktopDevice } from "./desktop-device.js";
import { openFile } from "./file.js";
import { openX11Screen } from "./screen-x11.js";
import type { SourceOptions, VideoSource } from "./source.js";
import type { SourceSpec } from "./spec.js";
import { openTestPattern } from "./test-pattern.js";
import { openX11Window } from "./window-x11.js";

/**
 * Opens a source.
 *
 * @throws SightlineError `not-found` when there is no such device, window or file; `unsupported` when this machine cannot
 * capture it; `invalid-data` when a file holds no video; `in-use` when another program has the device
 */
export async function openSource(spec: SourceSpec, options: SourceOptions): Promise<VideoSource> {
  switch (spec.kind) {
    case "test":
      return openTestPattern(options);
    case "file":
      return openFile(spec.url, options);
    case "camera":
      return openCamera(spec.name, options);
    case "screen":
    case "window":
      return openDesktop(spec, options);
  }
}

function openDesktop(
  spec: Extract<SourceSpec, { kind: "screen" | "window" }>,
  options: SourceOptions,
): Promise<VideoSource> {
  if (process.platform === "darwin" || process.platform === "win32") return openDesktopDevice(spec, options);
  checkDisplay();
  return spec.kind === "screen" ? openX11Screen(spec, options) : openX11Window(spec.title, options);
}

function checkDisplay(): void {
  const [x11, wayland] = [process.env["DISPLAY"], process.env["WAYLAND_DISPLAY"]];
  if (x11) return;
  throw new SightlineError(
    "unsupported",
    wayland
      ? "a Wayland desktop lets no program capture it without its portal, which Sightline does not speak yet; log in to an X11 session"
      : "there is no display to capture: DISPLAY is not set",
  );
}
