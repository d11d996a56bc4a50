import type { RtpTimestamp } from "../rtp/index.js";
import { type Micros, micros, seconds } from "../time.js";
import { CHUNK_HEADER_SIZE, writeChunk } from "./chunk.js";
import { writeMaskMessage } from "./mask-message.js";
import { writeStillRectangle } from "./still-rectangle.js";
import type { StillStore, StoredStill } from "./still-store.js";

/** RTP timestamps tell a time from another within 13 hours; older changes count as this old. */
const OLDEST_CHANGE = seconds(3 * 3_600);

/** What a {@link StillSender} is made from. */
export interface StillSenderOptions {
  readonly store: StillStore;
  /** The RTP timestamp that a frame captured at that time has in the viewer's stream. */
  readonly timestampAt: (captureTime: Micros) => RtpTimestamp;
}

/** The object that is being sent. */
interface Sending {
  readonly still: StoredStill;
  readonly number: number;
  readonly object: Uint8Array;
  offset: number;
}

/** Tells one viewer of a source's still pixels: which tiles change, and the pixels of those that do not, as capacity allows. */
export class StillSender {
  private readonly options: StillSenderOptions;
  private readonly sent = new WeakSet<StoredStill>();
  private forgotten = new WeakSet<StoredStill>();
  private sending: Sending | undefined;
  private nextNumber = 0;
  private toldUpTo: Micros = micros(Number.NEGATIVE_INFINITY);
  private toldMask = 0;

  constructor(options: StillSenderOptions) {
    this.options = options;
  }

  /**
   * The message that must go out ahead of a frame, or as soon as a picture has changed; undefined if the viewer was told
   * before. Undefined, too, before the first change.
   *
   * @param captureTime - of the frame, or of the picture that changed
   */
  tell(captureTime: Micros): Uint8Array | undefined {
    const { store } = this.options;
    if (captureTime <= this.toldUpTo && this.toldMask === store.newestMask) return undefined;
    this.toldUpTo = micros(Math.max(this.toldUpTo, captureTime));
    return this.repeat();
  }

  /** The newest message once more; undefined before the first. */
  repeat(): Uint8Array | undefined {
    const { store, timestampAt } = this.options;
    const { picture, newestMask } = store;
    if (picture === undefined || this.toldUpTo === Number.NEGATIVE_INFINITY) return undefined;
    this.toldMask = newestMask;
    return writeMaskMessage({
      picture,
      newest: newestMask,
      toldUpTo: timestampAt(this.toldUpTo),
      entries: store.changes.map(({ span, captureTime, tiles }) => ({
        span,
        timestamp: timestampAt(this.recent(captureTime)),
        tiles,
      })),
    });
  }

  /** Whether the viewer lacks pixels that are still. */
  get isPending(): boolean {
    return this.currentlySending() !== undefined || this.mostUrgent() !== undefined;
  }

  /**
   * The next part of the pixels that the viewer lacks, those that changed last first; undefined if it has all. What changed
   * again since it was begun is not sent to its end.
   *
   * @param maxBytes - of the message
   */
  next(maxBytes: number): Uint8Array | undefined {
    const sending = this.currentlySending() ?? this.begin();
    if (sending === undefined) return undefined;
    const { object, number, offset, still } = sending;
    const data = object.subarray(offset, offset + maxBytes - CHUNK_HEADER_SIZE);
    sending.offset += data.length;
    if (sending.offset === object.length) {
      this.sent.add(still);
      this.forgotten.delete(still);
      this.sending = undefined;
    }
    return writeChunk({ object: number, totalBytes: object.length, offset, data });
  }

  /** The viewer has lost track: it needs everything anew. */
  refresh(): void {
    this.sending = undefined;
    this.forgotten = new WeakSet(this.options.store.current);
  }

  private currentlySending(): Sending | undefined {
    if (this.sending !== undefined && !this.options.store.current.has(this.sending.still)) this.sending = undefined;
    return this.sending;
  }

  private begin(): Sending | undefined {
    const { store, timestampAt } = this.options;
    const still = this.mostUrgent();
    if (still === undefined || store.picture === undefined) return undefined;
    const object = writeStillRectangle({
      picture: store.picture,
      rectangle: still.rectangle,
      timestamp: timestampAt(this.recent(store.changeTime(still))),
      asOf: store.newestMask,
      valid: store.validTiles(still),
      codec: still.codec,
      data: still.data,
    });
    this.sending = { still, number: this.nextNumber, object, offset: 0 };
    this.nextNumber = (this.nextNumber + 1) >>> 0;
    return this.sending;
  }

  private mostUrgent(): StoredStill | undefined {
    const { store } = this.options;
    let urgent: StoredStill | undefined;
    for (const still of store.current) {
      if (this.sent.has(still) && !this.forgotten.has(still)) continue;
      if (urgent === undefined || this.isMoreUrgent(still, urgent)) urgent = still;
    }
    return urgent;
  }

  /** What changed last is looked at; of what changed together, text is through sooner than photos. */
  private isMoreUrgent(a: StoredStill, b: StoredStill): boolean {
    const difference = this.options.store.changeTime(a) - this.options.store.changeTime(b);
    return difference === 0 ? a.data.length < b.data.length : difference > 0;
  }

  private recent(captureTime: Micros): Micros {
    return micros(Math.max(captureTime, this.toldUpTo - OLDEST_CHANGE));
  }
}
