import { Device } from "node-av/lib";
import { type Camera, findCamera, listCameraModes, listCameras, nearestMode } from "../devices.js";
import type { StreamInput } from "../native/stream-reader.js";
import type { Size } from "../picture.js";
import { openDevice } from "./device-input.js";
import { LiveSource } from "./live-source.js";
import type { SourceOptions, VideoSource } from "./source.js";

/** What nearly every camera has at 30 pictures a second. */
const DEFAULT_SIZE: Size = { width: 1280, height: 720 };
/** From this size on USB 2 carries uncompressed pictures too slowly, so the camera's JPEGs are asked for first. */
const JPEG_MIN_HEIGHT = 720;

/**
 * Opens a camera at the mode nearest to the wanted size and rate.
 *
 * @param name - its number, device or part of its name; absent: the first camera
 * @throws SightlineError `not-found`, `in-use`, `unsupported`
 */
export async function openCamera(name: string | undefined, { fps, size }: SourceOptions): Promise<VideoSource> {
  const camera = name?.startsWith("/dev/") ? { device: name, name } : findCamera(await listCameras(), name);
  const wanted = { ...(size ?? DEFAULT_SIZE), fps };
  const mode = nearestMode(await listCameraModes(camera), wanted) ?? { ...wanted, maxFps: fps };
  const reader = await openDevice(cameraInputs(camera, mode, Math.min(fps, mode.maxFps)), camera.name);
  const { width, height } = reader;
  const delivered = reader.fps > 0 ? Math.min(fps, reader.fps) : fps;
  return new LiveSource(reader, {
    kind: "camera",
    name: camera.name,
    width,
    height,
    fps: delivered,
    content: "camera",
  });
}

/** Ways to open a camera, best first. */
function cameraInputs(camera: Camera, { width, height }: Size, fps: number): StreamInput[] {
  const format = Device.getVideoFormat();
  const url = format === "dshow" ? `video=${camera.device}` : camera.device;
  const common = { url, format, isLive: true };
  const mode = { video_size: `${width}x${height}`, framerate: String(fps) };
  const inputs = [{ ...common, options: mode }, { ...common, options: { framerate: String(fps) } }, common];
  if (height < JPEG_MIN_HEIGHT) return inputs;
  const jpeg: Record<string, Record<string, string>> = {
    v4l2: { input_format: "mjpeg" },
    dshow: { vcodec: "mjpeg" },
  };
  const options = jpeg[format];
  return options === undefined ? inputs : [{ ...common, options: { ...mode, ...options } }, ...inputs];
}
