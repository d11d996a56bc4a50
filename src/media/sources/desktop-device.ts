import { SightlineError } from "../../core/index.js";
import type { StreamInput } from "../native/stream-reader.js";
import { openDevice } from "./device-input.js";
import { LiveSource } from "./live-source.js";
import type { SourceOptions, VideoSource } from "./source.js";
import type { SourceSpec } from "./spec.js";

type DesktopSpec = Extract<SourceSpec, { kind: "screen" | "window" }>;

/**
 * Captures a screen on macOS (AVFoundation), or a screen or window on Windows (desktop duplication, GDI), through FFmpeg.
 *
 * @throws SightlineError `unsupported` for what the system's grabber cannot do
 */
export async function openDesktopDevice(spec: DesktopSpec, options: SourceOptions): Promise<VideoSource> {
  const { fps } = options;
  const name = spec.kind === "window" ? `window "${spec.title}"` : `screen ${spec.index ?? 0}`;
  const inputs = process.platform === "darwin" ? macInputs(spec, options) : windowsInputs(spec, options);
  const reader = await openDevice(inputs, name);
  const { width, height } = reader;
  return new LiveSource(reader, { kind: spec.kind, name, width, height, fps, content: "screen" });
}

function macInputs(spec: DesktopSpec, { fps, pointer }: SourceOptions): StreamInput[] {
  if (spec.kind === "window" || spec.region !== undefined) {
    throw new SightlineError("unsupported", "on macOS only whole screens can be shared; use screen:0, screen:1, …");
  }
  const options = { framerate: String(fps), capture_cursor: pointer === "off" ? "0" : "1", pixel_format: "bgr0" };
  return [{ url: `Capture screen ${spec.index ?? 0}`, format: "avfoundation", options, isLive: true }];
}

function windowsInputs(spec: DesktopSpec, { fps, pointer }: SourceOptions): StreamInput[] {
  const draw = pointer === "off" ? "0" : "1";
  const grab: Record<string, string> = { framerate: String(fps), draw_mouse: draw };
  if (spec.kind === "window") return [{ url: `title=${spec.title}`, format: "gdigrab", options: grab, isLive: true }];
  const { index, region } = spec;
  if (region === undefined) {
    const graph = `ddagrab=output_idx=${index ?? 0}:framerate=${fps}:draw_mouse=${draw},hwdownload,format=bgra`;
    const duplication: StreamInput = { url: graph, format: "lavfi", isLive: true };
    // GDI sees only the whole desktop, so it does not stand in for a screen that was chosen.
    if (index !== undefined) return [duplication];
    return [duplication, { url: "desktop", format: "gdigrab", options: grab, isLive: true }];
  }
  const { x, y, width, height } = region;
  const part = { ...grab, offset_x: String(x), offset_y: String(y), video_size: `${width}x${height}` };
  return [{ url: "desktop", format: "gdigrab", options: part, isLive: true }];
}
