import { SightlineError } from "../core/index.js";
import { type CameraMode, listCameraModes, listCameras, listX11Screens } from "../media/index.js";

/** A camera or screen that can be shared. */
export interface Device {
  readonly kind: "camera" | "screen";
  /** What to give to `share`. */
  readonly source: string;
  /** For a person. */
  readonly name: string;
  /** Sizes and rates, for a person; empty if unknown. */
  readonly modes: readonly string[];
}

/** The screens and cameras of this machine. */
export async function listDevices(): Promise<Device[]> {
  return [...listScreens(), ...(await describeCameras())];
}

function listScreens(): Device[] {
  if (process.platform === "darwin" || process.platform === "win32") {
    return [{ kind: "screen", source: "screen", name: "the main screen", modes: [] }];
  }
  try {
    return listX11Screens().map(({ source, width, height }) => ({
      kind: "screen",
      source,
      name: source === "screen" ? "the whole desktop" : `monitor ${source.slice("screen:".length)}`,
      modes: [`${width}x${height}`],
    }));
  } catch (error) {
    if (error instanceof SightlineError) return []; // no display is no fault; `diagnose` says why
    throw error;
  }
}

async function describeCameras(): Promise<Device[]> {
  const cameras = await listCameras();
  return Promise.all(
    cameras.map(async (camera, index) => ({
      kind: "camera" as const,
      source: index === 0 ? "camera" : `camera:${camera.device}`,
      name: camera.name,
      modes: [...new Set((await listCameraModes(camera)).map(describeMode))], // in several pixel formats each
    })),
  );
}

function describeMode({ width, height, maxFps }: CameraMode): string {
  return `${width}x${height}@${Math.round(maxFps)}`;
}
