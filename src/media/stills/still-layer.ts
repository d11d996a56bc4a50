import { now } from "../../clock/index.js";
import {
  type CodedStill,
  earliest,
  elapsed,
  later,
  type Micros,
  micros,
  millis,
  NEVER,
  type PictureChange,
  type PixelRectangle,
  TILE_SIZE,
  type TileSet,
  toMillis,
} from "../../core/index.js";
import type { ChangedRows } from "../picture.js";
import type { CapturedPicture } from "../sources/source.js";
import { ChangeDetector } from "./change-detector.js";
import { cutPixels, encodeStill, type StillEffort } from "./still-encoder.js";
import { STILL_AFTER, Stillness } from "./stillness.js";

/**
 * Taller rectangles are cut: an image that is coded or decoded takes several times its pixels' memory. Measured on a dense
 * 1080p page against images of 9 rows of tiles: 30 MB less while it is coded, for 20 % more bytes. Four rows make four images of
 * such a page, so that both threads are busy to the end.
 */
const MAX_IMAGE_ROWS = 4 * TILE_SIZE;
/** A picture of which more than this share changes at once moves, until so much has not changed for {@link STILL_AFTER} … */
const MOTION_SHARE = 0.5;
/**
 * … and is searched for still tiles only this often: to find that all have changed takes 7 ms of a 1080p page that scrolls, and
 * an image of the few that have not, blank ones mostly, takes as long at either end.
 */
const SEARCH_IN_MOTION: Micros = millis(500);
/** Images that are coded at once. */
const PARALLEL_IMAGES = 2;

/** Below so many bits a second, the bytes that more effort saves take longer on the path than it does. */
const WORTH_EFFORT_BPS = 15e6;

/** Where a {@link StillLayer} puts what it finds. */
export interface StillLayerHandlers {
  /** A picture changed. Told before anything else is done with the picture. */
  changed(change: PictureChange): void;
  /** Pixels that have been still, coded. */
  still(still: CodedStill): void;
}

/**
 * Watches a source's pictures: tells which tiles change, and hands out the pixels of those that have been still for a while,
 * coded without loss. Works on BGRX pictures; of others it takes no notice.
 */
export class StillLayer {
  private readonly handlers: StillLayerHandlers;
  private detector: ChangeDetector | undefined;
  private stillness = new Stillness(0);
  private capturedAt: Micros | undefined;
  /** When most of the picture changed last, and when it was searched for still tiles last. */
  private movedAt = micros(0);
  private searchedAt = micros(0);
  /** Of the images that are coded at once. */
  private readonly memory: Uint32Array[] = [];
  private effort: StillEffort = "fast";
  private timer: NodeJS.Timeout | undefined;
  private isCoding = false;
  private isClosed = false;

  constructor(handlers: StillLayerHandlers) {
    this.handlers = handlers;
  }

  /** The narrowest path that takes the tiles carries this much, in bits/s. */
  setRate(bitrateBps: number): void {
    this.effort = bitrateBps < WORTH_EFFORT_BPS ? "thorough" : "fast";
  }

  /** Looks at a picture before it is encoded. */
  take({ picture, changed, captureTime }: CapturedPicture): void {
    if (picture.format !== "bgrx") return;
    if (!this.detector?.fits(picture)) {
      this.detector = new ChangeDetector(picture);
      this.stillness = new Stillness(this.detector.grid.count);
    }
    // A tile that is not still lies over nothing: it is soon enough to see what changed before it is taken for still. While a
    // page scrolls, this saves most of the comparing.
    const tiles = this.detector.detect(picture, changed, (tile) => this.stillness.isStill(tile));
    this.capturedAt = captureTime;
    if (shareOf(changed, picture.height) > MOTION_SHARE) this.movedAt = captureTime;
    this.change(captureTime, tiles);
  }

  /** Looks at nothing more. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  /** A timer that fires early, because a tile changed meanwhile, is only set again. */
  private schedule(): void {
    if (this.timer !== undefined || this.isCoding || this.isClosed) return;
    const due = this.due();
    if (due === NEVER) return;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        if (this.due() > now()) this.schedule();
        else void this.handOut();
      },
      Math.max(1, Math.ceil(toMillis(elapsed(now(), due)))),
    );
  }

  /** When to look for still tiles next. */
  private due(): Micros {
    const calm = later(this.movedAt, STILL_AFTER);
    const search = earliest(calm, later(this.searchedAt, SEARCH_IN_MOTION));
    return micros(Math.max(this.stillness.nextTimeout(), search));
  }

  private change(captureTime: Micros, tiles: TileSet): void {
    const grid = this.detector?.grid;
    if (tiles.isEmpty || grid === undefined) return;
    const picture = { width: grid.width, height: grid.height };
    this.handlers.changed({ picture, captureTime, tiles });
    this.stillness.change(captureTime, tiles);
    this.schedule();
  }

  private async handOut(): Promise<void> {
    this.isCoding = true;
    this.searchedAt = now();
    try {
      if (this.detector !== undefined && this.capturedAt !== undefined) {
        this.change(this.capturedAt, this.detector.catchUp());
      }
      await this.code(this.stillness.take(now()));
    } finally {
      this.isCoding = false;
    }
    this.schedule();
  }

  private async code(tiles: TileSet): Promise<void> {
    const { detector, capturedAt } = this;
    if (detector === undefined || capturedAt === undefined) return;
    const { grid, pixels } = detector;
    const picture = { width: grid.width, height: grid.height };
    const waiting = grid.rectanglesOf(tiles).flatMap(cutTall);
    const codeNext = async (slot: number): Promise<void> => {
      for (let rectangle = waiting.shift(); rectangle !== undefined; rectangle = waiting.shift()) {
        // Tiles that have changed meanwhile are cut as they are now: whoever gets them knows that they changed after `asOf`.
        const cut = cutPixels(pixels.data, pixels.stride, rectangle, this.memoryOf(slot, rectangle));
        const coded = await encodeStill(cut, this.effort);
        if (this.isClosed) return;
        this.handlers.still({ picture, asOf: capturedAt, rectangle, ...coded });
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_IMAGES }, (_, slot) => codeNext(slot)));
  }

  /** Memory for a rectangle's pixels, which is used again and again: the garbage of each page would be as large as it. */
  private memoryOf(slot: number, { width, height }: PixelRectangle): Uint32Array {
    const memory = this.memory[slot];
    if (memory !== undefined && memory.length >= width * height) return memory;
    const larger = new Uint32Array(width * height);
    this.memory[slot] = larger;
    return larger;
  }
}

function shareOf(changed: ChangedRows, height: number): number {
  return changed === "all" ? 1 : changed.reduce((rows, band) => rows + band.height, 0) / height;
}

function cutTall(rectangle: PixelRectangle): PixelRectangle[] {
  const parts: PixelRectangle[] = [];
  const end = rectangle.y + rectangle.height;
  for (let y = rectangle.y; y < end; y += MAX_IMAGE_ROWS) {
    parts.push({ ...rectangle, y, height: Math.min(MAX_IMAGE_ROWS, end - y) });
  }
  return parts;
}
