import type { Rng } from "../random.js";
import type { RtcpPacket } from "../rtcp/index.js";
import { NO_EXTENSIONS } from "../rtp/header-extension.js";
import { type RtpPacket, type RtpTimestamp, type SequenceNumber, sequenceNumber } from "../rtp/index.js";
import { StillSender, type StillStore } from "../stills/index.js";
import { earliest, elapsed, later, type Micros, micros, millis, NEVER, seconds } from "../time.js";
import { Retransmitter } from "./retransmitter.js";
import { StillBudget } from "./still-budget.js";

/** When nothing more follows, the last message is repeated, so that the loss of it, or of pixels before it, is noticed. */
const REPEAT_AFTER = [millis(60), millis(250)] as const;
/** Where packets were lost lately, each message is: one that is missing hides the stills until the next. */
const REPEAT_AFTER_LOSS = [millis(10), ...REPEAT_AFTER] as const;
const LOSS_REMEMBERED = seconds(5);

/** The stream of an `RtpSender` that carries still tiles beside the video. */
export interface StillStreamOptions {
  /** Random, another one than the video's. */
  readonly ssrc: number;
  readonly payloadType: number;
  /** What is still; shared by all who send the same source. */
  readonly store: StillStore;
}

/** What a {@link StillStream} needs to know of the sender that it belongs to. */
export interface StillStreamContext {
  /** The RTP timestamp of a frame of the video captured then. */
  readonly timestampAt: (captureTime: Micros) => RtpTimestamp;
  readonly maxPayloadSize: number;
  readonly rng: Rng;
}

/**
 * Sends still tiles on an RTP stream of their own, once a receiver says that it understands them: which tiles change, at
 * once; their pixels, while nothing else waits and the path has capacity to spare; lost packets again.
 */
export class StillStream {
  private readonly options: StillStreamOptions;
  private readonly context: StillStreamContext;
  private readonly stills: StillSender;
  private readonly retransmitter: Retransmitter;
  private readonly budget = new StillBudget();
  private next: SequenceNumber;
  private isWanted = false;
  private newestPicture: Micros = micros(Number.NEGATIVE_INFINITY);
  private lossAt: Micros = micros(Number.NEGATIVE_INFINITY);
  private lastToldAt: Micros = NEVER;
  private repeats = 0;

  constructor(options: StillStreamOptions, context: StillStreamContext) {
    this.options = options;
    this.context = context;
    this.stills = new StillSender({ store: options.store, timestampAt: context.timestampAt });
    this.retransmitter = new Retransmitter({ rtx: undefined, rng: context.rng });
    this.next = sequenceNumber(context.rng.uint32());
  }

  /** A receiver that understands stills has come: it needs all of them. What it must know first. */
  start(now: Micros): RtpPacket[] {
    this.isWanted = true;
    this.stills.refresh();
    this.stills.tell(this.newestPicture);
    // Nothing that follows would show the loss of the first packet.
    return [...this.repeat(now), ...this.repeat(now)];
  }

  /** A picture changed, or a frame is about to be sent: what must be sent before it. */
  tell(now: Micros, captureTime: Micros): RtpPacket[] {
    this.newestPicture = micros(Math.max(this.newestPicture, captureTime));
    const message = this.isWanted ? this.stills.tell(captureTime) : undefined;
    if (message === undefined) return [];
    this.lastToldAt = now;
    this.repeats = 0;
    return [this.packet(now, message)];
  }

  /**
   * The next packet that is due, if any.
   *
   * @param isIdle - nothing else waits to be sent
   */
  poll(now: Micros, { isIdle }: { readonly isIdle: boolean }): RtpPacket | undefined {
    if (!this.isWanted) return undefined;
    if (this.repeatDue(now) <= now) {
      this.repeats += 1;
      return this.repeat(now)[0];
    }
    if (!isIdle || !this.stills.isPending || this.budget.readyAt(now) > now) return undefined;
    const message = this.stills.next(this.context.maxPayloadSize);
    this.lastToldAt = now;
    this.repeats = 0;
    return message && this.packet(now, message);
  }

  /** When to poll again. */
  nextTimeout(now: Micros, { isIdle }: { readonly isIdle: boolean }): Micros {
    if (!this.isWanted) return NEVER;
    const pixelsDue = isIdle && this.stills.isPending ? this.budget.readyAt(now) : NEVER;
    return earliest(this.repeatDue(now), pixelsDue);
  }

  /** A packet of whatever stream was sent over the path. */
  onSent(now: Micros, sizeBytes: number): void {
    this.budget.spend(now, sizeBytes);
  }

  /** The path carries this much, in bits/s. */
  setRate(rateBps: number): void {
    this.budget.setRate(rateBps);
  }

  /** Takes in what a receiver sends back; the packets to send again at once. */
  receive(
    now: Micros,
    packet: RtcpPacket,
    path: { readonly roundTrip: Micros; readonly targetBitrateBps: number },
  ): RtpPacket[] {
    if (packet.kind === "nack") this.lossAt = now;
    if ((packet.kind !== "nack" && packet.kind !== "pli") || packet.mediaSsrc !== this.options.ssrc) return [];
    if (packet.kind === "nack") return this.retransmitter.answer(now, packet.lost, path);
    this.stills.refresh();
    return this.repeat(now);
  }

  private repeat(now: Micros): RtpPacket[] {
    const message = this.stills.repeat();
    return message === undefined ? [] : [this.packet(now, message)];
  }

  private repeatDue(now: Micros): Micros {
    const isLossy = elapsed(this.lossAt, now) < LOSS_REMEMBERED;
    const after = (isLossy ? REPEAT_AFTER_LOSS : REPEAT_AFTER)[this.repeats];
    return after === undefined ? NEVER : later(this.lastToldAt, after);
  }

  private packet(now: Micros, payload: Uint8Array): RtpPacket {
    const { ssrc, payloadType } = this.options;
    const packet: RtpPacket = {
      payloadType,
      marker: false,
      sequenceNumber: this.next,
      timestamp: this.context.timestampAt(now),
      ssrc,
      extensions: NO_EXTENSIONS,
      payload,
    };
    this.next = sequenceNumber(this.next + 1);
    this.retransmitter.onSent(now, packet);
    return packet;
  }
}
