import { elapsed, type Micros, micros, millis } from "../../time.js";
import { ContendedShare, type Contention, LOW_LOSS } from "./contended-share.js";
import { LinkCapacity } from "./link-capacity.js";
import type { BandwidthUsage } from "./overuse-detector.js";
import type { ProbeResult } from "./probe-estimator.js";

/** Part of what arrives that is sent after an overuse (draft-ietf-rmcat-gcc-02 §5.5: `beta`). */
const DECREASE = 0.85;
/** Growth while the capacity is not known, a second (draft §5.5: `eta`). */
const GROWTH_PER_SECOND = 1.08;
/** The rate grows no further than this beyond what arrives (draft §5.5: 1.5 times; libwebrtc adds 10 kb/s). */
const GROWTH_BOUND = 1.5;
const GROWTH_BOUND_BPS = 10_000;
/** How long detection takes, beside the round trip (draft §5.5: `response_time_ms` = 100 + RTT; libwebrtc: twice that). */
const DETECTION_MS = 100;
/**
 * Near the capacity, packets more a response time (draft §5.5: half a one). Equal steps for all bring flows to equal shares,
 * and at 5 they do within ten seconds or so at 20 Mb/s; at half a packet it takes minutes.
 */
const ADDITIVE_PACKETS = 5;
const PACKET_BITS = 1_200 * 8;
/** A decrease must be seen to work before the next one: a round trip within these bounds (libwebrtc), and the feedback on it. */
const LEAST_DECREASE_INTERVAL = millis(60);
const MOST_DECREASE_INTERVAL = millis(250);
const FEEDBACK_INTERVAL = millis(50);
/** A path that carries less than this part of the rate has narrowed: no trend is waited for. */
const NARROWED_PART = 0.5;
/** A source that sent little did not fill the path: its estimate is not thrown away for another flow's queue. */
const LIMITED_DECREASE = 0.9;

/** How fast a stream takes back what it gave away before it noticed that another flow fills the queue. */
const RETURN_SECONDS = 1;
/** What a loss costs it below its share: next to nothing, or more if it loses more than `LOW_LOSS` altogether. */
const YIELD = 0.98;
const YIELD_MORE = 0.9;

/** What the rate follows. */
export interface RateControlInput extends Contention {
  readonly usage: BandwidthUsage;
  /** What arrives, pauses included. */
  readonly acknowledgedBps: number;
  /** What arrived in the last train of packets, if there was one. */
  readonly trainBps: number | undefined;
  readonly isApplicationLimited: boolean;
  readonly roundTrip: Micros;
  /** What the path has just carried without a queue, if that is known. */
  readonly carriedBps: number | undefined;
  /** What the path carries if it has just narrowed. */
  readonly narrowedToBps: number | undefined;
  /** When the last packet was sent of those that congestion has lost; undefined if it has lost none. */
  readonly lossSentAt: Micros | undefined;
}

/**
 * The delay-based rate: grows while there is no queue, falls below what arrives as soon as one builds up (additive
 * increase, multiplicative decrease; draft-ietf-rmcat-gcc-02 §5.5).
 */
export class RateControl {
  private readonly bounds: { readonly leastBps: number; readonly mostBps: number };
  private readonly capacity = new LinkCapacity();
  private readonly share = new ContendedShare();
  private rateBps: number;
  private state: "increase" | "hold" = "increase";
  private updatedAt: Micros | undefined;
  private decreasedAt: Micros | undefined;

  constructor({ startBps, ...bounds }: { startBps: number; leastBps: number; mostBps: number }) {
    this.bounds = bounds;
    this.rateBps = startBps;
  }

  /** What the path is believed to carry. */
  get estimateBps(): number {
    return this.rateBps;
  }

  /** Whether the path was ever seen to carry no more, and not since to carry more. */
  get isCapacityKnown(): boolean {
    return this.capacity.isKnown;
  }

  /** What delay does not lower the rate below, because another flow fills the queue; 0 while none does. */
  get contendedShareBps(): number {
    return this.share.bitrateBps;
  }

  /** When the rate last fell. */
  get lastDecrease(): Micros | undefined {
    return this.decreasedAt;
  }

  /** Follows the delay, once for each feedback. */
  update(now: Micros, input: RateControlInput): void {
    const sinceUpdate = this.updatedAt === undefined ? 0 : Math.min(elapsed(this.updatedAt, now) / 1e6, 1);
    this.updatedAt = now;
    this.share.update(sinceUpdate, this.rateBps, input);
    if (this.rateBps < this.share.bitrateBps) {
      this.claim(now, sinceUpdate, input);
      return;
    }
    if (input.narrowedToBps !== undefined && input.narrowedToBps < this.rateBps * NARROWED_PART) {
      this.narrow(now, input.narrowedToBps, input);
      return;
    }
    switch (input.usage) {
      case "overuse":
        this.decrease(now, input);
        this.state = "hold";
        break;
      case "underuse":
        this.state = "hold"; // until the queue is empty
        break;
      case "normal":
        if (this.state === "increase") this.increase(sinceUpdate, input);
        this.state = "increase";
        break;
    }
  }

  /** A probe showed what the path carries. */
  onProbe({ rateBps, isSaturated }: ProbeResult): void {
    if (isSaturated) this.capacity.onOveruse(rateBps);
    else if (this.capacity.isExceededBy(rateBps)) this.capacity.forget();
    this.set(rateBps);
  }

  /** What was known of the path no longer holds. */
  restart(rateBps: number): void {
    this.capacity.forget();
    this.set(rateBps);
  }

  private increase(seconds: number, input: RateControlInput): void {
    const { acknowledgedBps, carriedBps, roundTrip, isContended } = input;
    if (this.capacity.isExceededBy(acknowledgedBps)) this.capacity.forget();
    const isAlone = !this.capacity.isKnown && !isContended;
    if (carriedBps !== undefined && carriedBps > this.rateBps && isAlone) this.set(carriedBps);
    const boundBps = acknowledgedBps * GROWTH_BOUND + GROWTH_BOUND_BPS;
    if (this.rateBps >= boundBps) return; // not lowered either: what is not sent does not show that it would not arrive
    const responseTime = 2 * (DETECTION_MS / 1_000 + roundTrip / 1e6);
    const grownBps = !isAlone
      ? this.rateBps + ((ADDITIVE_PACKETS * PACKET_BITS) / responseTime) * seconds
      : this.rateBps * GROWTH_PER_SECOND ** seconds;
    this.set(Math.min(grownBps, boundBps));
  }

  private decrease(
    now: Micros,
    { acknowledgedBps, trainBps, isApplicationLimited, roundTrip }: RateControlInput,
  ): void {
    const throughputBps = trainBps ?? (isApplicationLimited ? undefined : acknowledgedBps);
    const lowerBps =
      throughputBps === undefined ? this.rateBps * LIMITED_DECREASE : Math.min(throughputBps * DECREASE, this.rateBps);
    if (!this.mayDecrease(now, roundTrip) && lowerBps > this.rateBps / 2) return;
    if (throughputBps !== undefined) this.capacity.onOveruse(throughputBps);
    this.decreasedAt = now;
    this.set(Math.max(lowerBps, this.share.bitrateBps));
  }

  private narrow(now: Micros, carriedBps: number, { isContended }: RateControlInput): void {
    this.capacity.onOveruse(carriedBps);
    this.decreasedAt = now;
    this.state = "hold";
    if (!isContended) this.share.forget();
    this.set(Math.max(carriedBps * DECREASE, this.share.bitrateBps));
  }

  /** Below its share, a stream heeds losses alone. */
  private claim(
    now: Micros,
    seconds: number,
    { lossSentAt, lossFraction, roundTrip, acknowledgedBps }: RateControlInput,
  ): void {
    // What was sent before the last decrease could be felt belongs to the loss before.
    const isNewLoss = lossSentAt !== undefined && elapsed(this.decreasedAt ?? micros(0), lossSentAt) > roundTrip;
    if (isNewLoss) {
      this.decreasedAt = now;
      this.set(this.rateBps * (lossFraction < LOW_LOSS ? YIELD : YIELD_MORE));
      return;
    }
    const missingBps = this.share.bitrateBps - this.rateBps;
    const boundBps = acknowledgedBps * GROWTH_BOUND + GROWTH_BOUND_BPS;
    if (this.rateBps < boundBps) {
      this.set(Math.min(this.rateBps + missingBps * Math.min(seconds / RETURN_SECONDS, 1), boundBps));
    }
  }

  private mayDecrease(now: Micros, roundTrip: Micros): boolean {
    if (this.decreasedAt === undefined) return true;
    const interval = Math.min(Math.max(roundTrip + FEEDBACK_INTERVAL, LEAST_DECREASE_INTERVAL), MOST_DECREASE_INTERVAL);
    return elapsed(this.decreasedAt, now) >= interval;
  }

  private set(rateBps: number): void {
    this.rateBps = Math.min(Math.max(rateBps, this.bounds.leastBps), this.bounds.mostBps);
  }
}
