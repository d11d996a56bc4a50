import { earliest, elapsed, later, type Micros, micros, millis, NEVER } from "../time.js";
import { ReorderTolerance } from "./reorder-tolerance.js";

/** Missing packets tracked at once: several of the largest frames. Beyond it, asking costs more than a keyframe. */
const MAX_HOLES = 1_000;
/** Requests are not repeated sooner, however short the round trip: sender and receiver wake a millisecond late. */
const LEAST_REPEAT = millis(5);
/** A packet that repair packets are about to bring back is asked for all the same once it has been missing this long. */
const LONGEST_REPAIR_WAIT = millis(12);
/** How often to look whether they have. */
const REPAIR_CHECK = millis(2);
/** What sender and pacer may add to a round trip before the answer is in. */
const REPEAT_SLACK = millis(4);

/** How a packet came, to tell repair from reordering. */
export interface PacketOrigin {
  /** As a retransmission on a stream of its own. */
  readonly isRepair: boolean;
  /** To the sender; undefined while not known. */
  readonly roundTrip: Micros | undefined;
}

/** What decides when to ask, and when to ask again. */
export interface RequestTiming {
  /** Within which an answer is in with few exceptions. */
  readonly answerTime: Micros;
  /** `answerTime` is measured. Otherwise requests are not repeated ever faster, as the answers may all be on their way. */
  readonly isMeasured: boolean;
  /** Whether repair packets on their way may rebuild a packet. */
  readonly isRepairExpected: (sequence: number) => boolean;
}

/** Counts since the generator was made. */
export interface NackStatistics {
  /** Packets asked for, repeats included. */
  readonly requests: number;
  /** Packets that came after all, without help. */
  readonly reordered: number;
  /** Packets that came after they had been asked for. */
  readonly repaired: number;
  /** Packets missing now. */
  readonly missing: number;
  /** How long a packet is waited for before it is asked for. */
  readonly reorderToleranceMs: number;
}

interface Missing {
  readonly since: Micros;
  requestAt: Micros;
  requests: number;
  firstRequestAt: Micros | undefined;
}

/**
 * Finds the missing packets of one stream and decides when to ask for them (RFC 4585 §6.2.1): as soon as they can no longer
 * be merely overtaken, again after a round trip, then ever faster, until they come or are given up with {@link forgetBefore}.
 *
 * Feed it every packet; call {@link poll} at {@link nextTimeout}. Sequence numbers are extended ones.
 */
export class NackGenerator {
  private readonly tolerance = new ReorderTolerance();
  /** By sequence number, ascending, because only packets beyond the highest are added. */
  private readonly missing = new Map<number, Missing>();
  private highest: number | undefined;
  /** Not after the earliest request that is due. */
  private nextRequest: Micros = NEVER;
  private requests = 0;
  private reordered = 0;
  private repaired = 0;
  private leastAnswer: Micros | undefined;

  /** A packet came. */
  onPacket(now: Micros, sequence: number, origin: PacketOrigin): void {
    if (this.highest === undefined) {
      this.highest = sequence;
    } else if (sequence > this.highest) {
      this.addMissing(now, sequence);
      this.highest = sequence;
    } else {
      this.fill(now, sequence, origin);
    }
  }

  /** The packet before the first one that came is needed as well. */
  onNeeded(now: Micros, sequence: number): void {
    if (this.highest === undefined || sequence >= this.highest || this.missing.has(sequence)) return;
    const entry = { since: now, requestAt: now, requests: 0, firstRequestAt: undefined };
    const others = [...this.missing];
    this.missing.clear();
    this.missing.set(sequence, entry);
    for (const [later, known] of others) this.missing.set(later, known);
    this.nextRequest = now;
  }

  /** A packet was rebuilt, and need not come any more. */
  onRebuilt(now: Micros, sequence: number): void {
    this.onHighestSent(now, sequence);
    this.missing.delete(sequence);
  }

  /** The least time between a first request and its answer so far: not below the round trip. Undefined before the first. */
  get leastAnswerTime(): Micros | undefined {
    return this.leastAnswer;
  }

  /** The sender has sent everything up to `sequence`, so what has not come by now is missing. */
  onHighestSent(now: Micros, sequence: number): void {
    if (this.highest === undefined || sequence <= this.highest || sequence - this.highest > MAX_HOLES) return;
    this.addMissing(now, sequence + 1);
    this.highest = sequence;
  }

  /** Since when the packet that is missing longest has been. */
  oldestMissingSince(): Micros | undefined {
    for (const { since } of this.missing.values()) return since;
    return undefined;
  }

  /** Gives up what has been missing since `since` or longer. */
  giveUp(since: Micros): void {
    for (const [sequence, entry] of this.missing) {
      if (entry.since > since) return;
      this.missing.delete(sequence);
    }
  }

  /** Packets below `sequence` are of no use any more. */
  forgetBefore(sequence: number): void {
    for (const missing of this.missing.keys()) {
      if (missing >= sequence) return;
      this.missing.delete(missing);
    }
  }

  /** The sender counts anew: forgets every number, and keeps what was learnt of the path. */
  reset(): void {
    this.missing.clear();
    this.highest = undefined;
  }

  /** The packets to ask for at `now`, ascending. */
  poll(now: Micros, { answerTime, isMeasured, isRepairExpected }: RequestTiming): number[] {
    if (now < this.nextTimeout()) return [];
    const due: number[] = [];
    const wait = answerTime + REPEAT_SLACK;
    this.nextRequest = NEVER;
    for (const [sequence, entry] of this.missing) {
      const mayWait = entry.requests === 0 && elapsed(entry.since, now) < LONGEST_REPAIR_WAIT;
      if (entry.requestAt <= now && mayWait && isRepairExpected(sequence)) {
        entry.requestAt = later(now, REPAIR_CHECK);
      } else if (entry.requestAt <= now) {
        due.push(sequence);
        const speedUp = isMeasured ? 2 ** entry.requests : 1;
        // The more requests or answers were lost, the likelier that a burst of loss goes on, and the less it costs to
        // try again than to wait: the sender answers only one request per round trip.
        entry.requestAt = later(now, micros(Math.round(Math.max(wait / speedUp, LEAST_REPEAT))));
        entry.requests += 1;
        entry.firstRequestAt ??= now;
      }
      this.nextRequest = earliest(this.nextRequest, entry.requestAt);
    }
    this.requests += due.length;
    return due;
  }

  /** When `poll` may have something; `NEVER` while nothing is missing. */
  nextTimeout(): Micros {
    return this.missing.size === 0 ? NEVER : this.nextRequest;
  }

  /** {@link NackStatistics} as of `now`. */
  stats(now: Micros): NackStatistics {
    return {
      requests: this.requests,
      reordered: this.reordered,
      repaired: this.repaired,
      missing: this.missing.size,
      reorderToleranceMs: this.tolerance.current(now) / 1_000,
    };
  }

  /** Everything between the highest packet and `end` is missing from now on. */
  private addMissing(now: Micros, end: number): void {
    const first = Math.max(this.highest! + 1, end - MAX_HOLES);
    if (first >= end) return;
    const requestAt = later(now, this.tolerance.current(now));
    for (let sequence = first; sequence < end; sequence++) {
      this.missing.set(sequence, { since: now, requestAt, requests: 0, firstRequestAt: undefined });
    }
    this.nextRequest = earliest(this.missing.size === end - first ? NEVER : this.nextRequest, requestAt);
    for (const oldest of this.missing.keys()) {
      if (this.missing.size <= MAX_HOLES) break;
      this.missing.delete(oldest);
    }
  }

  private fill(now: Micros, sequence: number, { isRepair, roundTrip }: PacketOrigin): void {
    const entry = this.missing.get(sequence);
    if (entry === undefined) return;
    this.missing.delete(sequence);
    const { since, firstRequestAt } = entry;
    // Where retransmissions look like the original (no RTX), only the round trip tells an answer from an overtaken packet.
    const sinceRequest = firstRequestAt === undefined ? undefined : elapsed(firstRequestAt, now);
    const mayBeAnswer = sinceRequest !== undefined && (roundTrip === undefined || sinceRequest >= roundTrip / 2);
    if (isRepair && sinceRequest !== undefined) {
      this.leastAnswer = this.leastAnswer === undefined ? sinceRequest : earliest(this.leastAnswer, sinceRequest);
    }
    if (isRepair || mayBeAnswer) {
      this.repaired += 1;
    } else {
      this.reordered += 1;
      this.tolerance.observe(now, elapsed(since, now));
    }
  }
}
