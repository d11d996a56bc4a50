import type { FrameAssembler } from "../jitter-buffer/index.js";
import { NackGenerator, type NackStatistics } from "../nack/index.js";
import { type SequenceNumber, sequenceNumber } from "../rtp/index.js";
import type { RoundTrip } from "../statistics/index.js";
import { earliest, later, type Micros, micros, millis, NEVER } from "../time.js";
import { KeyframeRequester } from "./keyframe-requester.js";
import type { RepairRequests } from "./repair-requests.js";

/** Before a round trip was measured, or an answer to a request. */
const ASSUMED_ROUND_TRIP = millis(50);
/**
 * A hole that is still there after this long, or after two requests have failed, may need a keyframe: it is asked for while
 * repair goes on, so that the picture stands still no longer than a viewer takes for liveness.
 */
const KEYFRAME_AFTER_LEAST = millis(100);
const KEYFRAME_AFTER_ROUND_TRIPS = 2.5;
/** After this, and at least this many round trips, the packet is no longer at the sender or the path is down. */
const GIVE_UP_AFTER_LEAST = millis(300);
const GIVE_UP_AFTER_ROUND_TRIPS = 5;
/**
 * While nothing can be shown but a keyframe of which a part is there, giving it up would bring nothing sooner than a new one
 * that loses packets as well: its holes are repaired for this long.
 */
const KEYFRAME_PATIENCE_LEAST = millis(2_000);
const KEYFRAME_PATIENCE_ROUND_TRIPS = 10;
/** A keyframe of which nothing has come for this long, and at least so many round trips, may have to be asked for anew. */
const STALLED_AFTER_LEAST = millis(150);
const STALLED_AFTER_ROUND_TRIPS = 2;
/** Before an answer time was measured: those of long paths. */
const STALLED_AFTER_UNMEASURED = millis(450);

/** What of the repair packets concerns requests: an empty one where there are none. */
export interface ExpectedRepairs {
  /** Whether repair packets on their way may rebuild a packet. */
  isRepairExpected(now: Micros, sequence: SequenceNumber): boolean;
}

/** Decides what of a stream to ask for again: lost packets at once and repeatedly, and in time a keyframe in their place. */
export class StreamRepair {
  private readonly assembler: FrameAssembler;
  private readonly roundTrip: RoundTrip;
  private readonly expected: ExpectedRepairs;
  private readonly nack = new NackGenerator();
  private readonly keyframes = new KeyframeRequester();
  /** When to look again at what holds the picture up; `NEVER` while nothing does. */
  private patienceEnds: Micros = NEVER;

  /**
   * @param assembler - the stream's; repair reads what it misses and tells it what will not come
   * @param roundTrip - to the sender, as it becomes known
   * @param expected - what need not be asked for yet
   */
  constructor(assembler: FrameAssembler, roundTrip: RoundTrip, expected: ExpectedRepairs) {
    this.expected = expected;
    this.assembler = assembler;
    this.roundTrip = roundTrip;
  }

  /** A packet came. */
  onPacket(now: Micros, extendedSequence: number, { isRepair }: { readonly isRepair: boolean }): void {
    this.nack.onPacket(now, extendedSequence, { isRepair, roundTrip: this.roundTrip.smoothed });
  }

  /** A packet was rebuilt from repair packets. */
  onRebuilt(now: Micros, extendedSequence: number): void {
    this.nack.onRebuilt(now, extendedSequence);
  }

  /** The sender says that it has sent everything up to this packet. */
  onHighestSent(now: Micros, extendedSequence: number): void {
    this.nack.onHighestSent(now, extendedSequence);
  }

  /** Nothing can be shown without a keyframe. */
  needKeyframe(now: Micros): void {
    this.keyframes.need(now);
  }

  /** The sender counts anew: nothing from before is missing any more, nor need a keyframe that was asked for before come. */
  reset(): void {
    this.nack.reset();
    this.keyframes.satisfied();
  }

  /** Call when the assembler has nothing more to hand out, after each packet and at {@link nextTimeout}. */
  settle(now: Micros): void {
    const { assembler } = this;
    if (assembler.nextSequence !== undefined) this.nack.forgetBefore(assembler.nextSequence);
    if (assembler.packetBeforeStart !== undefined) this.nack.onNeeded(now, assembler.packetBeforeStart);
    if (this.patienceEnds <= now) this.losePatience(now);
    const since = this.blockedSince();
    this.patienceEnds = since === undefined ? NEVER : this.nextPatience(now, since);
    if (since === undefined && !assembler.awaitingKeyframe) this.keyframes.satisfied();
  }

  /** What to ask for at `now`. */
  poll(now: Micros): RepairRequests {
    const answerTime = this.answerTime();
    const lost = this.nack.poll(now, {
      answerTime,
      isMeasured: this.measuredAnswerTime() !== undefined,
      isRepairExpected: (sequence) => this.expected.isRepairExpected(now, sequenceNumber(sequence)),
    });
    const progress = this.assembler.keyframeProgress();
    if (progress !== undefined) this.keyframes.postpone(later(progress, this.stalledAfter()));
    return { lost: lost.map(sequenceNumber), keyframe: this.keyframes.poll(now, answerTime) };
  }

  /** When to `settle` and `poll` again. */
  nextTimeout(): Micros {
    return earliest(this.patienceEnds, earliest(this.nack.nextTimeout(), this.keyframes.nextTimeout()));
  }

  /** Counts since the stream started. */
  stats(now: Micros): NackStatistics {
    return this.nack.stats(now);
  }

  private losePatience(now: Micros): void {
    this.nack.giveUp(this.givenUpAt(now));
    // Once a keyframe is awaited, the next hole may be in one, which is worth more patience.
    for (let hole = this.assembler.hole(); hole && hole.since <= this.givenUpAt(now); hole = this.assembler.hole()) {
      this.assembler.abandonHole();
      this.keyframes.need(now);
    }
    const since = this.blockedSince();
    if (since !== undefined && later(since, this.keyframeAfter()) <= now) this.keyframes.need(now);
  }

  private blockedSince(): Micros | undefined {
    const missing = this.nack.oldestMissingSince();
    const hole = this.assembler.hole()?.since;
    return missing === undefined || hole === undefined ? (missing ?? hole) : earliest(missing, hole);
  }

  private nextPatience(now: Micros, since: Micros): Micros {
    const keyframeAt = later(since, this.keyframeAfter());
    if (keyframeAt > now) return keyframeAt;
    const giveUpAt = later(since, this.giveUpAfter());
    return giveUpAt > now ? giveUpAt : later(now, KEYFRAME_AFTER_LEAST);
  }

  private keyframeAfter(): Micros {
    return micros(Math.max(KEYFRAME_AFTER_LEAST, this.answerTime() * KEYFRAME_AFTER_ROUND_TRIPS));
  }

  /** What has been missing since then, or longer, is given up. */
  private givenUpAt(now: Micros): Micros {
    return micros(now - this.giveUpAfter());
  }

  private giveUpAfter(): Micros {
    if (this.assembler.keyframeProgress() !== undefined) {
      return micros(Math.max(KEYFRAME_PATIENCE_LEAST, this.answerTime() * KEYFRAME_PATIENCE_ROUND_TRIPS));
    }
    return micros(Math.max(GIVE_UP_AFTER_LEAST, this.answerTime() * GIVE_UP_AFTER_ROUND_TRIPS));
  }

  /** Within which the sender's answer is in, with few exceptions. */
  private answerTime(): Micros {
    return this.measuredAnswerTime() ?? ASSUMED_ROUND_TRIP;
  }

  private measuredAnswerTime(): Micros | undefined {
    return this.roundTrip.upper ?? this.nack.leastAnswerTime;
  }

  private stalledAfter(): Micros {
    if (this.measuredAnswerTime() === undefined) return STALLED_AFTER_UNMEASURED;
    return micros(Math.max(STALLED_AFTER_LEAST, this.answerTime() * STALLED_AFTER_ROUND_TRIPS));
  }
}
