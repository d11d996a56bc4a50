import { type RtpTimestamp, timestampDelta } from "../rtp/index.js";
import { type MaskEntry, type MaskMessage, parseMaskMessage } from "./mask-message.js";
import { MessageKind } from "./message-kind.js";
import type { StillOperation } from "./still-operation.js";
import { parseStillRectangle, type StillRectangle } from "./still-rectangle.js";
import { TileGrid } from "./tile-grid.js";
import { TileSet } from "./tile-set.js";

/** Images that wait to be decoded or laid, and their coded bytes. */
const MAX_WAITING = 256;
const MAX_WAITING_BYTES = 24_000_000;
/** Masks that wait for the frame that shows them: more than a minute of video behind. */
const MAX_WAITING_MASKS = 4_096;
/** A tile over which nothing lies. */
const BARE = -1;

/**
 * When tiles are cleared: `with-frame`, for who composes video and stills himself and shows each change with the very frame
 * that shows it; `at-once`, for who does not know when a frame will be seen: better the lossy picture a moment early.
 */
export type Clearing = "with-frame" | "at-once";

interface Waiting {
  readonly still: StillRectangle;
  readonly tiles: readonly number[];
  isDecoded: boolean;
}

interface NumberedMask extends MaskEntry {
  /** The number of its newest mask. */
  readonly number: number;
}

/**
 * Decides what lies over the video. Takes what a sender tells of still tiles, in any order and with losses, and what the
 * video has come to; gives the operations by which a viewer keeps its layer of still pixels. No tile lies there once a mask
 * says that it changed, and none before the video has come to its last change.
 */
export class StillReceiver {
  private readonly clearing: Clearing;
  private grid: TileGrid | undefined;
  private operations: StillOperation[] = [];
  /** All masks up to this number are known. */
  private known = 0;
  /** Changes up to this mask are known only in sum, and no refresh was asked for, since a sender begins with newer pixels. */
  private vagueUpTo = 0;
  private toldUpTo: RtpTimestamp | undefined;
  private shown: RtpTimestamp | undefined;
  /** Masks whose frame is not shown yet, oldest first. */
  private masks: NumberedMask[] = [];
  /** By tile: the number of the last mask that was applied and has it, and as of which mask the pixels over it are. */
  private changed = new Float64Array(0);
  private laid = new Float64Array(0);
  private readonly waiting = new Map<number, Waiting>();
  private waitingBytes = 0;
  private nextImage = 0;
  private rejected = 0;

  constructor({ clearing }: { readonly clearing: Clearing }) {
    this.clearing = clearing;
  }

  /** Messages that made no sense. */
  get messagesRejected(): number {
    return this.rejected;
  }

  /**
   * Whether every change up to the frame shown last is known. While it is not, a viewer that composes shows the video alone.
   */
  get isCertain(): boolean {
    return this.toldUpTo !== undefined && this.shown !== undefined && timestampDelta(this.shown, this.toldUpTo) >= 0;
  }

  /** Takes a mask message or a still rectangle; anything else is counted and dropped. */
  receive(message: Uint8Array): void {
    const mask = message[0] === MessageKind.mask ? parseMaskMessage(message) : undefined;
    const still = message[0] === MessageKind.stillRectangle ? parseStillRectangle(message) : undefined;
    if (mask !== undefined) this.takeMasks(mask);
    else if (still !== undefined) this.takeStill(still);
    else this.rejected += 1;
    this.settle();
  }

  /** The video shows, or is about to show, the frame with this timestamp. */
  frameShown(timestamp: RtpTimestamp): void {
    this.shown = timestamp;
    this.settle();
  }

  /** An image was decoded. */
  decoded(image: number): void {
    const waiting = this.waiting.get(image);
    if (waiting === undefined) return;
    waiting.isDecoded = true;
    this.settle();
  }

  /** An image cannot be decoded. */
  failed(image: number): void {
    this.rejected += 1;
    this.release(image);
  }

  /** What is to be done now. */
  takeOperations(): readonly StillOperation[] {
    const taken = this.operations;
    this.operations = [];
    return taken;
  }

  /** Another stream is shown: nothing of this one is true any more. */
  reset(): void {
    this.known = 0;
    this.vagueUpTo = 0;
    this.toldUpTo = undefined;
    this.shown = undefined;
    if (this.grid !== undefined) this.resize(this.grid);
  }

  private takeMasks({ picture, newest, toldUpTo, entries }: MaskMessage): void {
    if (newest < this.known) return;
    if (this.grid === undefined || (newest > this.known && !this.grid.fits(picture))) this.resize(picture);
    if (!this.grid!.fits(picture)) return;
    const isFirst = this.toldUpTo === undefined;
    let number = newest;
    const fresh: NumberedMask[] = [];
    for (const entry of entries) {
      if (number <= this.known) break;
      fresh.unshift({ ...entry, number });
      number -= entry.span;
    }
    // Too long ago to be told, or told only in sum: what is right among the tiles cannot be made out.
    const vague = fresh.findLast(({ span }) => span > 1)?.number ?? (number > this.known ? number : undefined);
    if (vague !== undefined && !isFirst) this.askForRefresh();
    if (vague !== undefined && isFirst) this.vagueUpTo = vague;
    if (number > this.known) this.forgetBefore(number);
    this.masks.push(...fresh);
    this.masks.splice(0, this.masks.length - MAX_WAITING_MASKS);
    this.known = newest;
    if (isFirst || timestampDelta(this.toldUpTo!, toldUpTo) > 0) this.toldUpTo = toldUpTo;
    for (const { still } of this.waiting.values()) this.refreshIfVague(still);
  }

  private takeStill(still: StillRectangle): void {
    const { picture, rectangle, codec, data } = still;
    if (this.grid === undefined) this.resize(picture);
    if (!this.grid!.fits(picture)) return;
    this.refreshIfVague(still);
    const tiles = this.grid!.tilesIn(rectangle);
    const isWanted = [...still.valid].some((i) => this.mayBeNews(tiles[i]!, still.asOf));
    if (!isWanted) return;
    const image = this.nextImage++;
    this.waiting.set(image, { still, tiles, isDecoded: false });
    this.waitingBytes += data.length;
    this.operations.push({ kind: "decode", image, rectangle, codec, data });
    for (const oldest of this.waiting.keys()) {
      if (this.waiting.size <= MAX_WAITING && this.waitingBytes <= MAX_WAITING_BYTES) break;
      this.release(oldest);
      this.askForRefresh();
    }
  }

  /** The sender believes that these pixels are laid, though they may be taken for older than what they show. */
  private refreshIfVague({ asOf }: StillRectangle): void {
    if (asOf < this.vagueUpTo) this.askForRefresh();
  }

  private askForRefresh(): void {
    this.vagueUpTo = 0;
    this.operations.push({ kind: "refresh" });
  }

  /** Applies what is due: first what clears, then what lays. */
  private settle(): void {
    if (this.grid === undefined) return;
    const cleared = new TileSet(this.grid.count);
    let due = 0;
    while (due < this.masks.length && this.isDue(this.masks[due]!.timestamp)) due += 1;
    for (const { number, tiles } of this.masks.splice(0, due)) this.apply(number, tiles, cleared);
    if (!cleared.isEmpty) this.operations.push({ kind: "clear", parts: this.grid.rectanglesOf(cleared) });
    for (const [image, waiting] of this.waiting) {
      if (!waiting.isDecoded || waiting.still.asOf > this.known) continue;
      if (this.shown !== undefined && timestampDelta(waiting.still.timestamp, this.shown) >= 0)
        this.lay(image, waiting);
    }
  }

  private isDue(timestamp: RtpTimestamp): boolean {
    if (this.clearing === "at-once") return true;
    return this.shown !== undefined && timestampDelta(timestamp, this.shown) >= 0;
  }

  private apply(number: number, tiles: TileSet, cleared: TileSet): void {
    for (const tile of tiles) {
      this.changed[tile] = number;
      if (this.laid[tile] === BARE || this.laid[tile]! >= number) continue;
      this.laid[tile] = BARE;
      cleared.add(tile);
    }
  }

  private lay(image: number, { still, tiles }: Waiting): void {
    const grid = this.grid!;
    const laid = new TileSet(grid.count);
    for (const i of still.valid) {
      const tile = tiles[i]!;
      if (!this.isNews(tile, still.asOf)) continue;
      this.laid[tile] = still.asOf;
      laid.add(tile);
    }
    const { rectangle } = still;
    if (!laid.isEmpty) this.operations.push({ kind: "lay", image, rectangle, parts: grid.rectanglesOf(laid) });
    this.release(image);
  }

  /** Whether pixels may be laid over a tile now, or once the video has come further. */
  private mayBeNews(tile: number, asOf: number): boolean {
    return asOf > this.known || this.masks.some(({ tiles }) => tiles.has(tile)) || this.isNews(tile, asOf);
  }

  /** Whether pixels as of a mask are right for a tile, and it does not show them already. */
  private isNews(tile: number, asOf: number): boolean {
    return this.changed[tile]! <= asOf && (this.laid[tile] === BARE || this.laid[tile]! < this.changed[tile]!);
  }

  private release(image: number): void {
    const waiting = this.waiting.get(image);
    if (waiting === undefined) return;
    this.waiting.delete(image);
    this.waitingBytes -= waiting.still.data.length;
    this.operations.push({ kind: "release", image });
  }

  private resize(picture: TileGrid | StillRectangle["picture"]): void {
    for (const image of [...this.waiting.keys()]) this.release(image);
    this.grid = new TileGrid(picture);
    this.changed = new Float64Array(this.grid.count);
    this.laid = new Float64Array(this.grid.count).fill(BARE);
    this.masks = [];
    this.operations.push({ kind: "resize", picture: { width: picture.width, height: picture.height } });
  }

  /** Which tiles changed up to this mask is not known: any of them may have. */
  private forgetBefore(number: number): void {
    const cleared = new TileSet(this.grid!.count);
    this.apply(number, TileSet.all(this.grid!.count), cleared);
    this.masks = [];
    if (!cleared.isEmpty) this.operations.push({ kind: "clear", parts: this.grid!.rectanglesOf(cleared) });
  }
}
