/**
 * Saves what a viewer sees as a PNG file, in the picture's own pixels.
 *
 * @param video - shows a frame; the canvases beside it lie over it (the last frame, still tiles, the pointer)
 * @param name - of the stream; becomes part of the file's name
 */
export async function saveSnapshot(video: HTMLVideoElement, name: string): Promise<void> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext("2d")!;
  context.drawImage(video, 0, 0);
  const frame = video.getBoundingClientRect();
  const [scaleX, scaleY] = [canvas.width / frame.width, canvas.height / frame.height];
  for (const layer of video.parentElement?.querySelectorAll("canvas") ?? []) {
    const { left, top, width, height } = layer.getBoundingClientRect();
    const isEmpty = layer.width === 0 || layer.height === 0;
    if (isEmpty || width === 0 || layer.style.visibility === "hidden") continue;
    const [x, y] = [Math.round((left - frame.left) * scaleX), Math.round((top - frame.top) * scaleY)];
    context.drawImage(layer, x, y, Math.round(width * scaleX), Math.round(height * scaleY));
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob !== null) download(blob, snapshotName(name, new Date()));
}

/** The file's name: the stream and the local time, in characters that every system takes. */
export function snapshotName(stream: string, time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(".");
  const name = stream.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  return `${["sightline", name].filter((part) => part !== "").join("-")} ${day} ${clock}.png`;
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // the browser has read it by then
}
