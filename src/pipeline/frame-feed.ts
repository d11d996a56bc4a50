import type { PictureHeader } from "./viewer/protocol.js";
import type { VideoFrame } from "./watch-types.js";

/** Hands decoded pictures to any number of readers. Each reader gets the newest picture that it has not had yet. */
export class FrameFeed {
  private readonly readers = new Set<Reader>();
  private readonly onDemand: (wanted: boolean) => void;
  private ended = false;

  /** @param onDemand - told when the first reader comes and when the last one leaves */
  constructor(onDemand: (wanted: boolean) => void) {
    this.onDemand = onDemand;
  }

  /** Whether anyone reads. */
  get isWanted(): boolean {
    return this.readers.size > 0;
  }

  /** The pictures from now on. */
  async *subscribe(): AsyncGenerator<VideoFrame, void, undefined> {
    if (this.ended) return;
    const reader = new Reader();
    this.readers.add(reader);
    if (this.readers.size === 1) this.onDemand(true);
    try {
      for (;;) {
        const frame = await reader.next();
        if (frame === undefined) return;
        yield frame;
      }
    } finally {
      this.readers.delete(reader);
      if (this.readers.size === 0) this.onDemand(false);
    }
  }

  /** A picture came: its planes are packed in `data`, one after the other. */
  push({ planeBytes, ...header }: PictureHeader, data: Uint8Array): void {
    let at = 0;
    const planes = planeBytes.map((bytes) => {
      at += bytes;
      return data.subarray(at - bytes, at);
    });
    for (const reader of this.readers) reader.push({ ...header, planes });
  }

  /** No more pictures: the readers' loops end. */
  end(): void {
    this.ended = true;
    for (const reader of this.readers) reader.push(undefined);
  }
}

/** Holds the newest picture for one reader. */
class Reader {
  private newest: VideoFrame | undefined;
  private ended = false;
  private wake: () => void = () => {};

  push(frame: VideoFrame | undefined): void {
    if (frame === undefined) this.ended = true;
    else this.newest = frame;
    this.wake();
  }

  async next(): Promise<VideoFrame | undefined> {
    while (this.newest === undefined && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const frame = this.newest;
    this.newest = undefined;
    return frame;
  }
}
