import type { TransportFeedback } from "../../rtcp/index.js";
import { type SequenceNumber, sequenceDelta, sequenceNumber } from "../../rtp/index.js";
import { elapsed, type Micros, micros, millis, seconds } from "../../time.js";
import type { SentPacket } from "../congestion-controller.js";

/** Feedback on older packets says nothing of the path as it is. */
const MAX_AGE = seconds(10);
/** More packets than any path has under way within a round trip; half of the sequence numbers can be told apart. */
const MAX_PACKETS = 0x7fff;
/** Old packets are looked for once in so many. */
const FORGET_EVERY = 256;
/** The reference time of feedback follows itself around after 2²⁴ steps of 64 ms (draft-holmer-rmcat-transport-wide-cc §3.1). */
const REFERENCE_PERIOD_US = 2 ** 24 * 64_000;
/** A packet reported missing may only be late: jitter reorders within this on most paths … */
const REORDERING = millis(45);
/** … and where one given up for lost came later still, by this factor over its lateness from then on, within bounds. */
const MARGIN = 1.25;
const MOST_REORDERING = millis(150);

/** A packet that was sent and is known to have arrived. */
export interface ReceivedPacket {
  readonly sentAt: Micros;
  /** In the receiver's clock, unwrapped: only differences have a meaning. */
  readonly arrival: Micros;
  readonly sizeBytes: number;
  readonly probeId: number | undefined;
}

/** What a feedback message newly says of the packets that were sent. */
export interface PacketFeedback {
  /** Those that arrived, in the order in which they were sent. */
  readonly received: readonly ReceivedPacket[];
  /** When those were sent that are lost: reported missing, and still so some time later. */
  readonly lost: readonly Micros[];
}

interface Outstanding {
  readonly sizeBytes: number;
  readonly probeId: number | undefined;
  readonly sentAt: Micros;
  missingSince: Micros | undefined;
  /** It was told to be lost; it may come nevertheless. */
  isGivenUp: boolean;
}

/** Remembers what was sent and matches feedback to it. Packets that no feedback tells of, because it was lost, say nothing. */
export class PacketFeedbackMatcher {
  private readonly outstanding = new Map<number, Outstanding>();
  private readonly missing = new Set<number>();
  /** Transport-wide sequence number of the last packet sent, not wrapped. */
  private lastSent = 0;
  /** Of the last packet that feedback told of. */
  private lastTold = 0;
  private reordering: Micros = REORDERING;
  private bytesUntold = 0;
  private sentSinceForgetting = 0;
  private lastReference: number | undefined;
  /** The receiver's clock in our unwrapped count, less its count on the wire. */
  private referenceOffset = 0;

  /** A packet left. */
  onSent(now: Micros, packet: SentPacket): void {
    const { transportSequenceNumber, sizeBytes, probeId } = packet;
    this.lastSent = this.unwrap(transportSequenceNumber);
    this.outstanding.set(this.lastSent, { sizeBytes, probeId, sentAt: now, missingSince: undefined, isGivenUp: false });
    this.bytesUntold += sizeBytes;
    this.sentSinceForgetting += 1;
    if (this.sentSinceForgetting < FORGET_EVERY) return;
    this.sentSinceForgetting = 0;
    this.forgetOld(now);
  }

  /** What was sent after the last packet that feedback told of: it is on its way, or the feedback on it is. */
  get bytesInFlight(): number {
    return this.bytesUntold;
  }

  /** What `feedback` newly tells. */
  match(now: Micros, feedback: TransportFeedback): PacketFeedback {
    const offset = this.unwrapReference(feedback.referenceTime);
    const received: ReceivedPacket[] = [];
    for (const { sequenceNumber: sequence, arrival } of feedback.packets) {
      const extended = this.unwrap(sequence);
      this.tellUpTo(extended);
      const packet = this.outstanding.get(extended);
      if (packet === undefined) continue;
      if (arrival === undefined) {
        if (packet.isGivenUp) continue;
        packet.missingSince ??= now;
        this.missing.add(extended);
        continue;
      }
      if (packet.isGivenUp) this.learn(elapsed(packet.missingSince!, now));
      const { sentAt, sizeBytes, probeId } = packet;
      received.push({ sentAt, arrival: micros(arrival + offset), sizeBytes, probeId });
      this.outstanding.delete(extended);
      this.missing.delete(extended);
    }
    return { received, lost: this.takeLost(now) };
  }

  /** Another receiver answers from now on, by another clock. */
  forgetClock(): void {
    this.lastReference = undefined;
    this.referenceOffset = 0;
  }

  private tellUpTo(extended: number): void {
    if (extended > this.lastSent) return;
    while (this.lastTold < extended) {
      this.lastTold += 1;
      this.bytesUntold -= this.outstanding.get(this.lastTold)?.sizeBytes ?? 0;
    }
  }

  private takeLost(now: Micros): Micros[] {
    const lost: Micros[] = [];
    for (const extended of this.missing) {
      const packet = this.outstanding.get(extended);
      if (packet?.missingSince !== undefined && elapsed(packet.missingSince, now) < this.reordering) continue;
      this.missing.delete(extended);
      if (packet === undefined) continue;
      packet.isGivenUp = true;
      lost.push(packet.sentAt);
    }
    return lost;
  }

  private learn(late: Micros): void {
    this.reordering = micros(Math.min(Math.max(late * MARGIN, this.reordering), MOST_REORDERING));
  }

  private unwrap(sequence: SequenceNumber): number {
    return this.lastSent + sequenceDelta(sequenceNumber(this.lastSent), sequence);
  }

  private unwrapReference(reference: number): number {
    if (this.lastReference !== undefined) {
      const turns = Math.round((this.lastReference - reference) / REFERENCE_PERIOD_US);
      this.referenceOffset = turns * REFERENCE_PERIOD_US;
    }
    this.lastReference = reference + this.referenceOffset;
    return this.referenceOffset;
  }

  private forgetOld(now: Micros): void {
    for (const [extended, { sentAt }] of this.outstanding) {
      if (elapsed(sentAt, now) <= MAX_AGE && this.outstanding.size < MAX_PACKETS) return;
      this.tellUpTo(extended);
      this.outstanding.delete(extended);
      this.missing.delete(extended);
    }
  }
}
