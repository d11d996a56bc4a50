import { elapsed, later, type Micros, micros, millis, seconds } from "../../time.js";
import type { OvertakingSpread } from "./overtaking-spread.js";
import type { ReceivedPacket } from "./packet-feedback.js";

/** The path without a queue was seen within this, even beside a TCP flow that fills queues for seconds. */
const BASE_SLOT = seconds(3);
const BASE_SLOTS = 10;
/** While another flow keeps the queue filled, an older sight of it empty is better than none. */
const CONTENDED_BASE_SLOTS = 40;
/** The least delay within this is a queue that stands, not jitter. */
const RECENT = millis(150);
/** A large queue is seen sooner: the least delay within this, beyond what jitter may be. */
const LATEST = millis(40);
const MOST_JITTER = millis(50);
/**
 * Of n packets whose delays spread evenly over J, the fastest is more than 3 J / (n + 1) behind what the path can do in one
 * case of twenty: where few packets go, that much is no queue.
 */
const LUCK = 3;
/** A queue below this counts as empty. */
const EMPTY = millis(10);
/** If the queue was not empty for so long although we gave way, another flow keeps it filled. */
const CONTENDED_AFTER = seconds(1.5);
/**
 * One that never saw the path empty takes the least queue for none. But whoever is alone on a path and heeds its delay
 * loses nothing: losses, and a queue for more than this part of the time, show another flow too.
 */
const CONTENDED_PART = 0.4;
const MEAN_TIME = seconds(2);
const LOSS_MEMORY = seconds(4);
/** It is gone once the queue stays empty for so long, and nothing was lost for longer. */
const FREE_AFTER = millis(500);

/**
 * How long packets wait on the path: the least delay of the last moments over the least of the last half minute. Only
 * differences count, so the two clocks need not agree; that they drift apart by 50 ppm is 1.5 ms in that time.
 */
export class QueueDelay {
  /** Least delays of the last slots of time, oldest first. */
  private readonly base: { readonly since: Micros; least: number }[] = [];
  private readonly recent: { readonly sentAt: Micros; readonly delay: number }[] = [];
  /** When all packets of the time of {@link recent} were sent. */
  private readonly sentAts: Micros[] = [];
  private readonly overtaking: OvertakingSpread;
  /** Of {@link base}. */
  private leastBase = Number.POSITIVE_INFINITY;
  /** Since when the queue has been empty, or filled, without a break. */
  private phase: { readonly isEmpty: boolean; since: Micros } | undefined;
  /** Part of the time in which there was a queue, lately. */
  private filledPart = 0;
  private lastAt: Micros | undefined;
  private lostAt: Micros | undefined;
  private contended = false;

  /** @param overtaking - of the same packets; it is given each before this is */
  constructor(overtaking: OvertakingSpread) {
    this.overtaking = overtaking;
  }

  /**
   * Takes in a packet that arrived.
   *
   * @param hasGivenWay - no more is sent than a flow alone on the path could send without a queue
   */
  add({ sentAt, arrival }: ReceivedPacket, hasGivenWay: boolean): void {
    const delay = elapsed(sentAt, arrival);
    const slot = this.base.at(-1);
    if (slot === undefined || elapsed(slot.since, sentAt) >= BASE_SLOT) {
      this.base.push({ since: sentAt, least: delay });
      const slots = this.contended ? CONTENDED_BASE_SLOTS : BASE_SLOTS;
      if (this.base.length > slots) this.base.splice(0, this.base.length - slots);
      this.leastBase = Math.min(...this.base.map(({ least }) => least));
    } else if (delay < slot.least) {
      slot.least = delay;
      this.leastBase = Math.min(this.leastBase, delay);
    }
    // What is slower than a later packet will not be the least of any window again.
    while (this.recent.length > 0 && this.recent.at(-1)!.delay >= delay) this.recent.pop();
    this.recent.push({ sentAt, delay });
    while (elapsed(this.recent[0]!.sentAt, sentAt) > RECENT) this.recent.shift();
    this.sentAts.push(sentAt);
    while (elapsed(this.sentAts[0]!, sentAt) > RECENT) this.sentAts.shift();
    this.followPhase(sentAt, hasGivenWay);
  }

  /** The queue that stands. */
  get current(): Micros {
    const standing = this.recent[0];
    const newest = this.recent.at(-1);
    if (standing === undefined || newest === undefined) return micros(0);
    let latest = this.recent.length - 1;
    while (latest > 0 && elapsed(this.recent[latest - 1]!.sentAt, newest.sentAt) <= LATEST) latest -= 1;
    const spread = this.overtaking.at(newest.sentAt);
    const luck = (LUCK * spread) / (this.sentAts.length + 1);
    const seen = Math.max(standing.delay - luck, this.recent[latest]!.delay - Math.max(MOST_JITTER, spread));
    return micros(Math.max(seen - this.leastBase, 0));
  }

  /** Whether packets wait for no more than a moment. */
  get isEmpty(): boolean {
    return this.current <= EMPTY;
  }

  /** Whether another flow keeps the queue filled: giving way would not empty it. */
  get isContended(): boolean {
    return this.contended;
  }

  /** Congestion has lost a packet that was sent at `sentAt`. */
  onLoss(sentAt: Micros): void {
    this.lostAt = sentAt;
  }

  private followPhase(now: Micros, hasGivenWay: boolean): void {
    const { isEmpty } = this;
    const sinceLast = this.lastAt === undefined ? 0 : Math.max(elapsed(this.lastAt, now), 0);
    this.lastAt = now;
    // A queue that we fill ourselves, because more leaves than was decided, is no sign of another flow.
    const isForeign = !isEmpty && (hasGivenWay || this.contended);
    this.filledPart += Math.min(sinceLast / MEAN_TIME, 1) * ((isForeign ? 1 : 0) - this.filledPart);
    if (this.phase?.isEmpty !== isEmpty) this.phase = { isEmpty, since: now };
    else if (isForeign === isEmpty) this.phase.since = later(this.phase.since, micros(sinceLast));
    const span = elapsed(this.phase.since, now);
    const hasLoss = this.lostAt !== undefined && elapsed(this.lostAt, now) < LOSS_MEMORY;
    if (isEmpty && span > FREE_AFTER && !hasLoss) this.contended = false;
    if (!isEmpty && (span > CONTENDED_AFTER || (hasLoss && this.filledPart > CONTENDED_PART))) this.contended = true;
  }
}
