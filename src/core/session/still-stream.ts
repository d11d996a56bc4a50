import { PointerSender, PointerState } from "../pointer/index.js";
import type { RtpTimestamp } from "../rtp/index.js";
import { StillSender, type StillStore } from "../stills/index.js";
import { earliest, elapsed, later, type Micros, micros, millis, NEVER, seconds } from "../time.js";
import { StillBudget } from "./still-budget.js";
import type { StillPacketsOptions } from "./still-packets.js";

/** When nothing more follows, the last message is repeated, so that the loss of it, or of pixels before it, is noticed. */
const REPEAT_AFTER = [millis(60), millis(250)] as const;
/**
 * Where packets were lost lately, each message is, so soon that the second one is there before the frame, too: a page shows stale tiles
 * until then. Measured at 5 % loss: 1.4 % of tiles that changed, 2.3 % with the second one after 10 ms.
 */
const REPEAT_AFTER_LOSS = [millis(3), ...REPEAT_AFTER] as const;
const LOSS_REMEMBERED = seconds(5);
/** A pointer that rests is told of once more: its last motion may have been lost. */
const POINTER_REPEAT_AFTER = millis(40);

/** How an `RtpSender` sends still tiles beside the video. */
export interface StillStreamOptions {
  /** What is still; shared by all who send the same source. */
  readonly store: StillStore;
  /** The source's mouse pointer. Absent: it is not told of. */
  readonly pointer?: PointerState;
  /**
   * An RTP stream to carry them, once a receiver says that it understands them. Absent: they are given out as events, for data
   * channels.
   */
  readonly rtp?: StillPacketsOptions;
  /** The bytes of a message at most. Default: an RTP packet's payload. */
  readonly maxMessageSize?: number;
}

/** A message of the still layer. */
export interface StillMessage {
  /** `masks`, `pointer`: small, urgent, made up for when lost; `tiles`: pixels and shapes, which must arrive. */
  readonly channel: "masks" | "tiles" | "pointer";
  readonly data: Uint8Array;
}

/** What a {@link StillStream} needs to know of the sender that it belongs to. */
export interface StillStreamContext {
  readonly store: StillStore;
  readonly pointer?: PointerState | undefined;
  /** The RTP timestamp of a frame of the video captured then. */
  readonly timestampAt: (captureTime: Micros) => RtpTimestamp;
  readonly maxMessageSize: number;
}

/**
 * Decides when what of a source's still tiles goes to a viewer: which tiles change, at once; their pixels, while nothing else
 * waits and the path has capacity to spare.
 */
export class StillStream {
  private readonly context: StillStreamContext;
  private readonly stills: StillSender;
  private readonly pointer: PointerSender;
  private readonly budget = new StillBudget();
  private isWanted = false;
  private isBlocked = false;
  private isPaused = false;
  private newestPicture: Micros = micros(Number.NEGATIVE_INFINITY);
  private lossAt: Micros = micros(Number.NEGATIVE_INFINITY);
  private lastSentAt: Micros = NEVER;
  private repeats = 0;
  private pointerRepeatAt: Micros = NEVER;

  constructor(context: StillStreamContext) {
    this.context = context;
    this.stills = new StillSender(context);
    const { pointer: state = new PointerState(), maxMessageSize } = context;
    this.pointer = new PointerSender({ state, maxMessageSize });
  }

  /** A viewer that understands stills has come: it needs all of them. What it must know first. */
  start(): StillMessage[] {
    this.isWanted = true;
    this.stills.refresh();
    this.stills.tell(this.newestPicture);
    // Nothing that follows would show the loss of the first message.
    return [...this.mask(this.stills.repeat()), ...this.mask(this.stills.repeat()), ...this.pointerMessages()];
  }

  /** The viewer has lost track. */
  refresh(): StillMessage[] {
    if (!this.isWanted) return [];
    this.stills.refresh();
    this.pointer.forget();
    return [...this.mask(this.stills.repeat()), ...this.pointerMessages()];
  }

  /** A picture changed, or a frame is about to be sent: what must be sent before it. */
  tell(now: Micros, captureTime: Micros): StillMessage[] {
    this.newestPicture = micros(Math.max(this.newestPicture, captureTime));
    const message = this.isWanted ? this.stills.tell(captureTime) : undefined;
    if (message !== undefined) this.noteSent(now);
    return this.mask(message);
  }

  /** The pointer moved, or looks different. */
  tellPointer(now: Micros): StillMessage[] {
    if (!this.isWanted) return [];
    this.pointerRepeatAt = later(now, POINTER_REPEAT_AFTER);
    return this.pointerMessages();
  }

  /** Whether pixels have to wait, because what carries them takes no more. */
  block(on: boolean): void {
    this.isBlocked = on;
  }

  /** Whether pixels are of no use at present: the viewer is shown a smaller picture. */
  pause(on: boolean): void {
    this.isPaused = on;
  }

  /**
   * The next message that is due, if any.
   *
   * @param isIdle - nothing else waits to be sent
   */
  poll(now: Micros, { isIdle }: { readonly isIdle: boolean }): StillMessage | undefined {
    if (!this.isWanted) return undefined;
    if (this.repeatDue(now) <= now) {
      this.repeats += 1;
      return this.mask(this.stills.repeat())[0];
    }
    if (this.pointerRepeatAt <= now) {
      this.pointerRepeatAt = NEVER;
      return this.pointerMessages().at(-1);
    }
    if (!isIdle || !this.hasPixels || this.budget.readyAt(now) > now) return undefined;
    const data = this.stills.next(this.context.maxMessageSize);
    this.noteSent(now);
    return data && { channel: "tiles", data };
  }

  /** When to poll again. */
  nextTimeout(now: Micros, { isIdle }: { readonly isIdle: boolean }): Micros {
    if (!this.isWanted) return NEVER;
    const pixelsDue = isIdle && this.hasPixels ? this.budget.readyAt(now) : NEVER;
    return earliest(earliest(this.repeatDue(now), this.pointerRepeatAt), pixelsDue);
  }

  /** Bytes of whatever kind were sent over the path. */
  onSent(now: Micros, sizeBytes: number): void {
    this.budget.spend(now, sizeBytes);
  }

  /** The viewer misses packets. */
  onLoss(now: Micros): void {
    this.lossAt = now;
  }

  /** The path carries this much, in bits/s. */
  setRate(rateBps: number): void {
    this.budget.setRate(rateBps);
  }

  private get hasPixels(): boolean {
    return !this.isBlocked && !this.isPaused && this.stills.isPending;
  }

  private pointerMessages(): StillMessage[] {
    const messages = this.pointer.messages();
    if (messages === undefined) return [];
    const shape = messages.shape.map((data): StillMessage => ({ channel: "tiles", data }));
    return [...shape, { channel: "pointer", data: messages.position }];
  }

  private mask(data: Uint8Array | undefined): StillMessage[] {
    return data === undefined ? [] : [{ channel: "masks", data }];
  }

  private noteSent(now: Micros): void {
    this.lastSentAt = now;
    this.repeats = 0;
  }

  private repeatDue(now: Micros): Micros {
    const isLossy = elapsed(this.lossAt, now) < LOSS_REMEMBERED;
    const after = (isLossy ? REPEAT_AFTER_LOSS : REPEAT_AFTER)[this.repeats];
    return after === undefined ? NEVER : later(this.lastSentAt, after);
  }
}
