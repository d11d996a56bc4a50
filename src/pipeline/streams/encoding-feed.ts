import { now } from "../../clock/index.js";
import { type EncodedFrame, millis, RateMeter, seconds } from "../../core/index.js";
import type { KeyframeRequest } from "../../media/index.js";
import { type EncoderControl, EncodingDemand } from "./encoding-demand.js";
import { FeedMember, type FrameTaker } from "./feed-member.js";
import { KeyframeMemory } from "./keyframe-memory.js";

/**
 * With several takers, keyframes come no more often: each costs all of them. A lone one is limited by its own sender alone.
 */
const KEYFRAME_INTERVAL_MS = 1_000;
/**
 * Nor may they hold up the others' next frames: a keyframe takes what the bitrate gives in so long, and so does each frame that
 * sharpens it. At 20 Mb/s a page of small type is back to its best within half a second.
 */
const SHARED_KEYFRAME_MS = 40;
/** However much a path carries, coding and decoding more takes longer than a frame's time. */
const MOST_SHARED_KEYFRAME_BYTES = 100e3;
/** To all takers together: what a core encrypts and sends in 8 ms. */
const MOST_SHARED_BYTES = 1e6;
/** A source that has shown nothing new for so long can be begun anew from memory. */
const STILL = millis(200);
const RATE_WINDOW = seconds(2);
/** An encoder that nobody needs stays open so long, for whoever comes back or comes next. */
const CLOSE_AFTER_MS = 5_000;

/** What a feed asks of the encoder. */
export interface FeedControl extends EncoderControl {
  /** Someone wants the encoding, at this bitrate. */
  open(bitrateBps: number): void;
  /** Nobody has wanted it for a while. */
  close(): void;
  /** The next frame should be a keyframe. */
  requestKeyframe(request: KeyframeRequest): void;
}

/** Options of {@link EncodingFeed}. */
export interface FeedOptions {
  /** What the encoder is set to at first. */
  readonly startBps: number;
  /** See {@link EncodingDemand}. */
  readonly outlierPart: number;
  /** See {@link EncodingDemand}. */
  readonly mostBps?: () => number;
  /** Whether the encoding is opened without being asked for. */
  readonly isOpen: boolean;
  readonly control: FeedControl;
}

/** Hands the frames of one encoding to whoever takes them, and asks of its encoder what they need together. */
export class EncodingFeed {
  private readonly control: FeedControl;
  private readonly demand: EncodingDemand;
  private readonly memory = new KeyframeMemory();
  private readonly members = new Set<FeedMember>();
  private readonly bytes = new RateMeter(RATE_WINDOW);
  private lastKeyframeBytes = 0;
  private keyframeAskedAtMs = Number.NEGATIVE_INFINITY;
  private keyframeTimer: NodeJS.Timeout | undefined;
  private closeTimer: NodeJS.Timeout | undefined;
  private isOpen: boolean;

  constructor({ isOpen, control, ...demand }: FeedOptions) {
    this.control = control;
    this.isOpen = isOpen;
    this.demand = new EncodingDemand({ ...demand, control });
    if (isOpen) this.closeLater();
  }

  /** What the encoder is to use now, in bits/s. */
  get bitrateBps(): number {
    return this.demand.currentBps;
  }

  /** What the encoding takes, averaged over the last seconds, in bits/s. */
  get actualBps(): number {
    return this.bytes.perSecond(now()) * 8;
  }

  /** The size of the last keyframe; 0 before there was one. */
  get keyframeBytes(): number {
    return this.lastKeyframeBytes;
  }

  /** How many take it. */
  get takers(): number {
    return this.members.size;
  }

  /** Whether encoding is held, because no taker could send another frame. */
  get isHeld(): boolean {
    return this.demand.isHeld;
  }

  /**
   * Begins to hand frames to `taker`: from memory if the last keyframe is recent, else from a new one on.
   *
   * @param limitBps - what its path can take
   */
  join(taker: FrameTaker, limitBps: number): FeedMember {
    const demand = this.demand.join();
    const member = new FeedMember(taker, demand, {
      isHeld: () => this.isHeld,
      recover: () => this.begin(member, { onlyIfStill: true }),
      requestKeyframe: () => this.requestKeyframe(),
      leave: () => this.leave(member),
    });
    this.members.add(member);
    demand.limit(limitBps);
    clearTimeout(this.closeTimer);
    if (!this.isOpen) this.control.open(this.bitrateBps);
    this.isOpen = true;
    this.begin(member, { onlyIfStill: false });
    return member;
  }

  /** A frame was encoded. */
  deliver(frame: EncodedFrame): void {
    this.bytes.add(now(), frame.data.length);
    if (frame.keyframe) this.noteKeyframe(frame.data.length);
    this.memory.add(frame);
    for (const member of this.members) member.take(frame);
  }

  /** Asks for a keyframe that every taker gets, now or as soon as one may come again. */
  requestKeyframe(repeats = 0): void {
    if (this.keyframeTimer !== undefined) return;
    const waitMs = this.members.size > 1 ? this.keyframeAskedAtMs + KEYFRAME_INTERVAL_MS - performance.now() : 0;
    if (waitMs > 0) this.keyframeTimer = setTimeout(() => this.askForKeyframe(repeats), waitMs);
    else this.askForKeyframe(repeats);
  }

  /** The encoder was opened anew: nothing builds on what it made before. */
  restart(): void {
    this.memory.clear();
    if (this.isHeld) this.control.hold(true);
  }

  /** Stops all timers. */
  stop(): void {
    clearTimeout(this.keyframeTimer);
    clearTimeout(this.closeTimer);
  }

  private noteKeyframe(bytes: number): void {
    this.lastKeyframeBytes = bytes;
    // Whoever has asked meanwhile gets this one.
    clearTimeout(this.keyframeTimer);
    this.keyframeTimer = undefined;
  }

  private askForKeyframe(repeats: number): void {
    this.keyframeTimer = undefined;
    this.keyframeAskedAtMs = performance.now();
    const { size } = this.members;
    const byPath = (this.bitrateBps * SHARED_KEYFRAME_MS) / 8_000;
    const mostBytes = Math.min(byPath, MOST_SHARED_KEYFRAME_BYTES, MOST_SHARED_BYTES / size);
    this.control.requestKeyframe({ repeats, ...(size > 1 && { mostBytes }) });
  }

  /** Lets one taker begin, at no cost to the others if possible. */
  private begin(member: FeedMember, { onlyIfStill }: { readonly onlyIfStill: boolean }): void {
    const at = now();
    const fromMemory =
      onlyIfStill && this.memory.stillFor(at) < STILL ? undefined : this.memory.replay(at, member.sentUpTo);
    member.restart();
    if (fromMemory === undefined) this.requestKeyframe();
    else for (const frame of fromMemory) member.take(frame);
  }

  private leave(member: FeedMember): void {
    this.members.delete(member);
    if (this.members.size === 0) this.closeLater();
  }

  private closeLater(): void {
    this.closeTimer = setTimeout(() => {
      this.isOpen = false;
      this.memory.clear();
      this.control.close();
    }, CLOSE_AFTER_MS);
  }
}
