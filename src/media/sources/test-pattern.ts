import type { Micros } from "../../core/index.js";
import { drawText, fillRectangle, measureText, type PixelArea } from "../../raster/index.js";
import { BAND_ROWS, type Band, type ChangedRows, type Picture } from "../picture.js";
import { FrameClock } from "./frame-clock.js";
import type { CapturedPicture, SourceInfo, SourceOptions, VideoSource } from "./source.js";

const DEFAULT_SIZE = { width: 1280, height: 720 };
const BACKGROUND = 0x20242c;
const PAPER = 0xfafafa;
const INK = 0x101010;
const BARS = [0xbfbfbf, 0xbfbf00, 0x00bfbf, 0x00bf00, 0xbf00bf, 0xbf0000, 0x0000bf];
const SAMPLE = "The quick brown fox jumps over the lazy dog. 0123456789 {}[]()<>=+-*/";
/** How far the box moves from one picture to the next, in pixels. */
const BOX_STEP = 8;

/** A moving test pattern: colour bars, a running box, a clock with the picture's number, and text of several sizes. */
export function openTestPattern({ fps, size = DEFAULT_SIZE }: SourceOptions): VideoSource {
  return new TestPattern(size, fps);
}

class TestPattern implements VideoSource {
  readonly info: SourceInfo;
  private readonly clock: FrameClock;
  private readonly picture: Picture;
  private readonly area: PixelArea;
  private readonly boxBand: Band;
  private readonly clockBand: Band;
  private frameNumber = 0;

  constructor({ width, height }: { width: number; height: number }, fps: number) {
    this.info = { kind: "test", name: "test pattern", width, height, fps, content: "screen" };
    this.clock = new FrameClock(fps);
    const pixels = Buffer.alloc(width * height * 4);
    const stride = width * 4;
    this.picture = { width, height, format: "bgrx", planes: [pixels], strides: [stride] };
    this.area = { pixels, stride, width, height };
    const bandHeight = Math.max(BAND_ROWS, alignDown(height / 8));
    this.boxBand = { y: alignDown(height / 4), height: bandHeight };
    this.clockBand = { y: this.boxBand.y + bandHeight, height: bandHeight };
    this.drawBackground();
  }

  async next(): Promise<CapturedPicture | undefined> {
    const captureTime = await this.clock.tick();
    if (captureTime === undefined) return undefined;
    const isFirst = this.frameNumber === 0;
    this.drawBox();
    this.drawClock(captureTime);
    this.frameNumber++;
    const changed: ChangedRows = isFirst ? "all" : [{ y: this.boxBand.y, height: 2 * this.boxBand.height }];
    return { picture: this.picture, changed, captureTime };
  }

  async close(): Promise<void> {
    this.clock.close();
  }

  private drawBackground(): void {
    const { width, height } = this.area;
    fillRectangle(this.area, { x: 0, y: 0, width, height }, BACKGROUND);
    const barWidth = Math.ceil(width / BARS.length);
    for (const [i, color] of BARS.entries()) {
      fillRectangle(this.area, { x: i * barWidth, y: 0, width: barWidth, height: this.boxBand.y }, color);
    }
    const top = this.clockBand.y + this.clockBand.height;
    fillRectangle(this.area, { x: 0, y: top, width, height: height - top }, PAPER);
    let y = top + 8;
    for (let line = 0; y < height; line++) {
      const scale = 1 + (Math.floor(line / 4) % 3);
      drawText(this.area, 8, y, `${line}: ${SAMPLE}`, { scale, color: INK });
      y += measureText(SAMPLE, scale).height;
    }
  }

  private drawBox(): void {
    const { y, height } = this.boxBand;
    const { width } = this.area;
    fillRectangle(this.area, { x: 0, y, width, height }, BACKGROUND);
    const x = (this.frameNumber * BOX_STEP) % width;
    const color = BARS[Math.floor((this.frameNumber * BOX_STEP) / width) % BARS.length] as number;
    fillRectangle(this.area, { x, y: y + (height >> 3), width: height, height: height - (height >> 2) }, color);
  }

  private drawClock(time: Micros): void {
    const { y, height } = this.clockBand;
    fillRectangle(this.area, { x: 0, y, width: this.area.width, height }, 0);
    const text = `${new Date(time / 1_000).toISOString().slice(11, 23)}  #${this.frameNumber}`;
    const scale = Math.max(1, Math.floor(height / 14));
    drawText(this.area, 8, y + 4, text, { scale });
  }
}

function alignDown(rows: number): number {
  return Math.floor(rows / BAND_ROWS) * BAND_ROWS;
}
