import { createWriteStream, type WriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { SightlineError } from "../../core/index.js";
import type { Picture } from "../../media/index.js";

/** Pictures waiting for a slow reader; beyond it, pictures are left out. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** A picture's planes without gaps between rows, and how many bytes each takes. */
export interface PackedPicture {
  readonly data: Buffer;
  readonly planeBytes: readonly number[];
  readonly strides: readonly number[];
}

/** Copies a picture's planes one after the other, rows without gaps. */
export function packPicture(picture: Picture): PackedPicture {
  const strides = picture.planes.map((_, plane) => rowBytes(picture, plane));
  const planeBytes = strides.map((stride, plane) => stride * planeRows(picture, plane));
  const data = Buffer.allocUnsafe(planeBytes.reduce((sum, bytes) => sum + bytes, 0));
  let at = 0;
  for (const [plane, source] of picture.planes.entries()) {
    const [row, stride] = [strides[plane]!, picture.strides[plane]!];
    for (let y = 0; y < planeRows(picture, plane); y++, at += row) source.copy(data, at, y * stride, y * stride + row);
  }
  return { data, planeBytes, strides };
}

function rowBytes({ format, width }: Picture, plane: number): number {
  switch (format) {
    case "bgrx":
      return width * 4;
    case "yuyv422":
      return ((width + 1) >> 1) * 4;
    case "nv12":
      return plane === 0 ? width : ((width + 1) >> 1) * 2;
    case "yuv444p":
      return width;
    default:
      return plane === 0 ? width : (width + 1) >> 1;
  }
}

function planeRows({ format, height }: Picture, plane: number): number {
  return plane > 0 && (format === "yuv420p" || format === "nv12") ? (height + 1) >> 1 : height;
}

/** Writes raw pictures, packed and one after the other, to a file or to standard output. */
export class RawFrameWriter {
  private readonly out: Writable;

  /**
   * @param target - a path, or `-` for standard output
   * @param onEnd - the reader went away or the disk refused; an error for all but a closed pipe
   */
  constructor(target: string, onEnd: (error?: SightlineError) => void) {
    this.out = target === "-" ? process.stdout : createWriteStream(target);
    this.out.on("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code === "EPIPE") onEnd();
      else
        onEnd(new SightlineError("invalid-argument", `cannot write frames to ${target}: ${cause.message}`, { cause }));
    });
  }

  /** Whether the reader keeps up, so that {@link write} should be called. */
  get ready(): boolean {
    return this.out.writableLength < MAX_PENDING_BYTES;
  }

  /** Writes one packed picture. */
  write(data: Buffer): void {
    this.out.write(data);
  }

  /** Finishes the file. */
  async close(): Promise<void> {
    if (this.out === process.stdout) return;
    await new Promise<void>((resolve) => (this.out as WriteStream).end(() => resolve()));
  }
}
