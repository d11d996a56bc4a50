import { later, type Micros, micros, millis, seconds } from "../../core/index.js";

/** Of what the path carries, still tiles get this part while they are under way; the rest is for what moves meanwhile. */
const STILLS_PART = 0.75;
/** A page that flips is seen to be still, and its first tiles are coded, within this. */
const CODED_WITHIN = millis(250);
/** Tiles that were coded so long ago are through, or stale. */
const REMEMBERED = seconds(5);

/**
 * Knows how long the tiles of the still layer are on their way. While they are, the video does not sharpen what they will lie
 * over: the tiles of a dark page of text take 120 kB, and video takes 450 kB to come near it.
 */
export class StillTraffic {
  private readonly coded: { readonly at: Micros; readonly bytes: number }[] = [];
  private expectedUntil: Micros = micros(Number.NEGATIVE_INFINITY);

  /** Most of the picture has changed: tiles that were under way are stale, and others will follow. */
  onFlip(captureTime: Micros): void {
    this.coded.length = 0;
    this.expectedUntil = later(captureTime, CODED_WITHIN);
  }

  /** Tiles were coded at `now`. */
  onCoded(now: Micros, bytes: number): void {
    while (this.coded[0] !== undefined && later(this.coded[0].at, REMEMBERED) < now) this.coded.shift();
    this.coded.push({ at: now, bytes });
  }

  /**
   * The bytes that are left for a frame at `now`; undefined if no tiles are under way.
   *
   * @param path - what it carries in bits/s, and the time between two frames
   */
  frameBytes(now: Micros, path: { readonly bitrateBps: number; readonly frameInterval: Micros }): number | undefined {
    if (now >= this.expectedUntil && now >= this.throughAt(path.bitrateBps)) return undefined;
    return (path.bitrateBps * (1 - STILLS_PART) * path.frameInterval) / 8e6;
  }

  private throughAt(bitrateBps: number): Micros {
    let through: Micros = micros(Number.NEGATIVE_INFINITY);
    for (const { at, bytes } of this.coded) {
      through = later(micros(Math.max(through, at)), micros((bytes * 8e6) / (bitrateBps * STILLS_PART)));
    }
    return through;
  }
}
