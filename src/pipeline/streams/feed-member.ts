import { now } from "../../clock/index.js";
import { type EncodedFrame, elapsed, type Micros, micros, millis, seconds } from "../../core/index.js";
import type { DemandMember } from "./encoding-demand.js";

/** With more waiting to be sent than this, a path is congested: what is encoded now would only wait … */
const CONGESTED_BACKLOG = millis(25);
/** … until no more than this is left. */
const RESUME_BACKLOG = millis(5);
/** Where others take what one cannot, frames are left out for it beyond this. */
const SKIP_BACKLOG = millis(150);
/** … and beyond this one while a keyframe leaves: without what follows it, another one would be needed. */
const SKIP_BACKLOG_BEHIND_KEYFRAME = millis(600);
/** A keyframe that takes longer to leave is none to wait for. */
const LONGEST_KEYFRAME = seconds(1);
/** A viewer that asks for a keyframe so soon after it was sent one does not have it yet. */
const KEYFRAME_UNDER_WAY = millis(300);

/** Whoever takes an encoding's frames. */
export interface FrameTaker {
  /** The next frame, in decoding order; the first is a keyframe. */
  send(frame: EncodedFrame): void;
}

/** What a member needs of its feed. */
export interface MemberFeed {
  isHeld(): boolean;
  /** Lets the member begin anew. */
  recover(): void;
  /** Asks for a keyframe, however recent the last one is. */
  requestKeyframe(): void;
  leave(): void;
}

/**
 * One taker's place in a feed. It leaves frames out where the path cannot follow and others' can, and begins again with a
 * keyframe.
 */
export class FeedMember {
  private readonly taker: FrameTaker;
  private readonly demand: DemandMember;
  private readonly feed: MemberFeed;
  private backlog: Micros = micros(0);
  private isCongested = false;
  private needsKeyframe = true;
  private skipping = false;
  private keyframeSentAt: Micros | undefined;
  private hasKeyframeLeft = true;
  /** The capture time of the frame that was sent last. */
  sentUpTo: Micros = micros(0);

  constructor(taker: FrameTaker, demand: DemandMember, feed: MemberFeed) {
    this.taker = taker;
    this.demand = demand;
    this.feed = feed;
  }

  /** Whether frames are being left out. */
  get isSkipping(): boolean {
    return this.skipping;
  }

  /** What the path can take, in bits/s. */
  limit(bitrateBps: number): void {
    this.demand.limit(bitrateBps);
  }

  /**
   * How long what waits for the path will take to leave.
   *
   * @returns when to tell again: that long from now; undefined if nothing depends on it
   */
  setBacklog(backlog: Micros): Micros | undefined {
    this.backlog = backlog;
    if (backlog <= RESUME_BACKLOG) this.hasKeyframeLeft = true;
    this.isCongested = backlog > (this.isCongested ? RESUME_BACKLOG : CONGESTED_BACKLOG);
    this.demand.congested(this.isCongested);
    if (this.isCongested) return micros(backlog - RESUME_BACKLOG);
    if (this.skipping) this.feed.recover();
    return undefined;
  }

  /** Decoding can only go on with a keyframe. */
  requestKeyframe(): void {
    if (!this.isKeyframeLeaving && this.sinceKeyframe >= KEYFRAME_UNDER_WAY) this.feed.recover();
  }

  /** What waited to be sent was given up, a keyframe that has not left with it: only a new one helps. */
  giveUp(): void {
    this.hasKeyframeLeft = true;
    this.restart();
    this.feed.requestKeyframe();
  }

  /** Begins anew: the next frame that is passed on is a keyframe. */
  restart(): void {
    this.needsKeyframe = true;
    this.skipping = false;
  }

  /** A frame of the encoding. */
  take(frame: EncodedFrame): void {
    // What was under way when encoding was held still goes out.
    const most = this.isKeyframeLeaving ? SKIP_BACKLOG_BEHIND_KEYFRAME : SKIP_BACKLOG;
    if (this.backlog > most && !this.feed.isHeld()) this.skipping = true;
    if (this.skipping || (this.needsKeyframe && !frame.keyframe)) return;
    this.needsKeyframe = false;
    if (frame.keyframe) {
      this.keyframeSentAt = now();
      this.hasKeyframeLeft = false;
    }
    this.sentUpTo = frame.captureTime;
    this.taker.send(frame);
  }

  /** No more frames. */
  leave(): void {
    this.feed.leave();
    this.demand.leave();
  }

  private get sinceKeyframe(): number {
    return this.keyframeSentAt === undefined ? Number.POSITIVE_INFINITY : elapsed(this.keyframeSentAt, now());
  }

  private get isKeyframeLeaving(): boolean {
    return !this.hasKeyframeLeft && this.sinceKeyframe < LONGEST_KEYFRAME;
  }
}
