import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Picture } from "../../src/media/picture.js";
import { drawWords, psnr, solidPicture } from "./pictures.js";
import { runProgram } from "./program.js";
import { type Pixels, readScreen } from "./x-screen.js";

/** A page of small words that tests send around: coded badly or torn, it differs visibly. */
export function wordPage(width: number, height: number, seed = 1): Picture {
  const page = solidPicture(width, height, 0xffffff);
  drawWords(page, seed);
  return page;
}

/** Pixels of a screen or file as a picture. */
export function asPicture({ width, height, data }: Pixels): Picture {
  return { width, height, format: "bgrx", planes: [data], strides: [width * 4] };
}

/** How alike a display and a picture of its size are, in dB. */
export function screenPsnr(display: string, page: Picture): number {
  return psnr(asPicture(readScreen(display)), page);
}

/** A folder that is removed when the test has finished. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sightline-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Decodes one picture of an image or video file with FFmpeg's own program.
 *
 * @param options.number - counted from 0, which is the default
 * @throws Error if it cannot be decoded or has another size
 */
export async function readPicture(
  file: string,
  { width, height, number = 0 }: { readonly width: number; readonly height: number; readonly number?: number },
): Promise<Picture> {
  const args = ["-v", "error", "-i", file, "-vf", `select=gte(n\\,${number})`, "-frames:v", "1"];
  const data = await runProgram("ffmpeg", [...args, "-f", "rawvideo", "-pix_fmt", "bgr0", "-"]);
  if (data.length !== width * height * 4) throw new Error(`${file} is not ${width}x${height}: ${data.length} bytes`);
  return asPicture({ width, height, data });
}

/** What FFmpeg's ffprobe finds out about a file's video stream; every packet is read. */
export async function probeVideo(file: string): Promise<Record<string, string>> {
  const entries = "stream=codec_name,width,height,nb_read_packets:format=duration";
  const args = ["-v", "error", "-count_packets", "-select_streams", "v", "-show_entries", entries, "-of", "flat", file];
  const lines = String(await runProgram("ffprobe", args))
    .trim()
    .split("\n");
  return Object.fromEntries(lines.map((line) => /([^.=]+)="?([^"]*)"?$/.exec(line)!.slice(1)));
}
