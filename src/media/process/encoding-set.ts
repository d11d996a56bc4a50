import type { DegradationLevel, Micros } from "../../core/index.js";
import { joinChanges } from "../changed-bands.js";
import type { ConvertedPicture, Converter } from "../converter.js";
import type { Size } from "../picture.js";
import type { CapturedPicture } from "../sources/source.js";
import { ConverterPool } from "./converter-pool.js";
import { Encoding, type EncodingContext } from "./encoding.js";
import type { EncodingInfo, EncodingRequest } from "./protocol.js";

/** What all encodings of a source have in common. */
export type EncodingSetContext = Omit<EncodingContext, "converters">;

/** An encoding, and what is asked of it, as it would be opened again. */
interface Entry {
  request: EncodingRequest;
  readonly encoding: Encoding;
}

/** The encodings that are wanted of one source, by id. Those of one size and format share a conversion. */
export class EncodingSet {
  private context: EncodingSetContext;
  private readonly converters = new ConverterPool();
  private readonly encodings = new Map<string, Entry>();
  /** The source's newest picture. Its memory stays in place until the source is asked for the next but one. */
  private newest: CapturedPicture | undefined;
  /** The same for the encodings in the background, with all that has changed since they were given one. */
  private waiting: CapturedPicture | undefined;

  constructor(context: EncodingSetContext) {
    this.context = context;
  }

  /** The source's pictures. */
  get pictureSize(): Size {
    return this.context.picture;
  }

  /** Whether nothing is wanted. */
  get isEmpty(): boolean {
    return this.encodings.size === 0;
  }

  /** The open encodings: the largest first, because most viewers take it and the others would delay it; else as they were opened. */
  values(): Encoding[] {
    return [...this.encodings.values()].map(({ encoding }) => encoding).sort((a, b) => pixels(b) - pixels(a));
  }

  /** What is open. */
  infos(): EncodingInfo[] {
    return this.values().map(({ info }) => info);
  }

  /** The encoding of this id, if it is open. */
  get(id: string): Encoding | undefined {
    return this.encodings.get(id)?.encoding;
  }

  /**
   * Opens an encoding, in place of one of the same id. It owes a keyframe of the source's newest picture.
   *
   * @throws SightlineError `unsupported` when the encoder that was asked for does not work
   */
  open(request: EncodingRequest): Encoding {
    this.close(request.id);
    const encoding = new Encoding(request, { ...this.context, converters: this.converters });
    this.encodings.set(request.id, { request, encoding });
    if (this.newest) encoding.take(encoding.converter.convert(this.newest.picture, []));
    return encoding;
  }

  /** The lowest cap of an encoding at the pictures' size, in bits/s; undefined if there is none. */
  get lowestBitrateBps(): number | undefined {
    const whole = [...this.encodings.values()].filter(({ encoding }) => encoding.info.width === this.pictureSize.width);
    return whole.length === 0 ? undefined : Math.min(...whole.map(({ request }) => request.bitrateBps));
  }

  /** Sets an encoding's cap. */
  setBitrate(id: string, bitrateBps: number): void {
    const entry = this.encodings.get(id);
    if (entry === undefined) return;
    entry.request = { ...entry.request, bitrateBps };
    entry.encoding.setBitrate(bitrateBps);
  }

  /**
   * Makes an encoding code fewer or smaller pictures.
   *
   * @returns the encoding if it was opened anew, which a change of size takes
   * @throws SightlineError `unsupported` when the encoder does not take the size
   */
  degrade(id: string, level: DegradationLevel): Encoding | undefined {
    const entry = this.encodings.get(id);
    if (entry === undefined) return undefined;
    const isResized = level.scale !== entry.encoding.level.scale;
    entry.request = { ...entry.request, level };
    if (isResized) return this.open(entry.request);
    entry.encoding.setFpsDivisor(level.fpsDivisor);
    return undefined;
  }

  /** Closes an encoding. @returns false if it was not open */
  close(id: string): boolean {
    const entry = this.encodings.get(id);
    if (entry === undefined) return false;
    this.encodings.delete(id);
    entry.encoding.close();
    this.converters.release(entry.encoding.converter);
    return true;
  }

  /** Opens all encodings again for pictures of another size. */
  resize(picture: Size): void {
    const requests = [...this.encodings.values()].map(({ request }) => request);
    this.closeAll();
    this.context = { ...this.context, picture };
    for (const request of requests) this.open(request);
  }

  /**
   * Converts a picture of the size {@link pictureSize} for one encoding after the other, except those in the background.
   *
   * @param ready - called with each encoding once it has the picture, before the next one's conversion
   * @returns whether encodings in the background wait for {@link takeInBackground}
   */
  take(captured: CapturedPicture, ready: (encoding: Encoding) => void): boolean {
    this.newest = captured;
    const all = this.values();
    this.convert(
      captured,
      all.filter(({ isBackground }) => !isBackground),
      ready,
    );
    if (!all.some(({ isBackground }) => isBackground)) return false;
    const changed = this.waiting === undefined ? captured.changed : joinChanges(this.waiting.changed, captured.changed);
    this.waiting = { ...captured, changed };
    return true;
  }

  /**
   * Converts the newest picture for the encodings in the background, unless they have it. To be called before the source is
   * asked for the next picture but one.
   *
   * @param ready - as for {@link take}, with the picture's capture time
   */
  takeInBackground(ready: (encoding: Encoding, captureTime: Micros) => void): void {
    const { waiting } = this;
    if (waiting === undefined) return;
    this.waiting = undefined;
    const background = this.values().filter(({ isBackground }) => isBackground);
    this.convert(waiting, background, (encoding) => ready(encoding, waiting.captureTime));
  }

  private convert(
    captured: CapturedPicture,
    encodings: readonly Encoding[],
    ready: (encoding: Encoding) => void,
  ): void {
    const converted = new Map<Converter, ConvertedPicture>();
    for (const encoding of encodings) {
      const { converter } = encoding;
      const picture = converted.get(converter) ?? converter.convert(captured.picture, captured.changed);
      converted.set(converter, picture);
      encoding.take(picture, captured.captureTime);
      ready(encoding);
    }
  }

  /** Closes all; what the source showed is forgotten. */
  closeAll(): void {
    for (const id of [...this.encodings.keys()]) this.close(id);
    this.newest = undefined;
    this.waiting = undefined;
  }
}

function pixels({ info }: Encoding): number {
  return info.width * info.height;
}
