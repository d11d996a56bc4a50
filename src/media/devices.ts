import { Device } from "node-av/lib";
import { SightlineError } from "../core/index.js";

/** A size and rate that a camera offers. */
export interface CameraMode {
  readonly width: number;
  readonly height: number;
  readonly maxFps: number;
}

/** A camera of this machine. */
export interface Camera {
  /** What FFmpeg calls it: `/dev/video0`, or a name. */
  readonly device: string;
  /** For a person. */
  readonly name: string;
}

/** The cameras of this machine, the system's favourite first. */
export async function listCameras(): Promise<Camera[]> {
  const devices = await Device.list();
  return devices
    .filter((device) => device.type === "video")
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .map(({ name, description }) => ({ device: name, name: description || name }));
}

/** What a camera offers; empty if it does not tell. */
export async function listCameraModes(camera: Camera): Promise<CameraMode[]> {
  try {
    const modes = await Device.modes(camera.device);
    return modes.map(({ width, height, maxFrameRate }) => ({ width, height, maxFps: maxFrameRate }));
  } catch {
    return [];
  }
}

/**
 * Finds a camera.
 *
 * @param wanted - its number in the list, its device, or part of its name; absent: the first
 * @throws SightlineError `not-found`, naming those that exist
 */
export function findCamera(cameras: readonly Camera[], wanted?: string): Camera {
  const camera = matchCamera(cameras, wanted ?? "0");
  if (camera !== undefined) return camera;
  if (cameras.length === 0)
    throw new SightlineError("not-found", "no camera was found; is one plugged in and allowed?");
  const names = cameras.map(({ name }) => name).join(", ");
  throw new SightlineError("not-found", `there is no camera ${wanted}; these exist: ${names}`);
}

function matchCamera(cameras: readonly Camera[], wanted: string): Camera | undefined {
  const exact = cameras.find(({ device, name }) => wanted === device || wanted === name);
  if (exact !== undefined) return exact;
  if (/^\d+$/.test(wanted)) return cameras[Number(wanted)];
  return cameras.find(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
}

/** The mode nearest to what is wanted: the size first, then a sufficient rate. */
export function nearestMode(
  modes: readonly CameraMode[],
  wanted: { readonly width: number; readonly height: number; readonly fps: number },
): CameraMode | undefined {
  const cost = (mode: CameraMode): number => {
    const sizeError = Math.abs(Math.log((mode.width * mode.height) / (wanted.width * wanted.height)));
    const shapeError = Math.abs(Math.log(mode.width / mode.height / (wanted.width / wanted.height)));
    const rateError = Math.max(0, Math.log(wanted.fps / Math.max(1, mode.maxFps)));
    return sizeError + shapeError + rateError;
  };
  return modes.reduce<CameraMode | undefined>(
    (best, mode) => (best === undefined || cost(mode) < cost(best) ? mode : best),
    undefined,
  );
}
