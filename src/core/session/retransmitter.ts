import { RepairBudget, SendHistory, wrapRtx } from "../nack/index.js";
import type { Rng } from "../random.js";
import { type RtpPacket, type SequenceNumber, sequenceNumber } from "../rtp/index.js";
import { elapsed, type Micros, micros } from "../time.js";

/**
 * A packet asked for again within this part of a round trip after it was sent again is on its way: receivers repeat their
 * requests after a whole round trip, and several receivers may ask for the same packet.
 */
const SUPPRESSED_PART = 0.75;

/** Padding is sent in packets no smaller than this if there is one to repeat: small ones cost as much each. */
const FULL_PAYLOAD = 1_000;
/** The most padding that fits a packet (RFC 3550 §5.1). */
const MOST_PADDING = 255;

/** How retransmissions are sent. */
export interface RetransmitterOptions {
  /** The stream of RFC 4588 on which to send them; undefined: the packets are sent again as they were. */
  readonly rtx: { readonly ssrc: number; readonly payloadType: number } | undefined;
  readonly rng: Rng;
}

/** Answers requests for lost packets from what was sent last. */
export class Retransmitter {
  private readonly rtx: RetransmitterOptions["rtx"];
  private readonly history = new SendHistory();
  private readonly budget = new RepairBudget();
  private nextRtxSequence: SequenceNumber;
  private latest: SequenceNumber | undefined;
  private latestFull: SequenceNumber | undefined;

  constructor({ rtx, rng }: RetransmitterOptions) {
    this.rtx = rtx;
    this.nextRtxSequence = sequenceNumber(rng.uint32());
  }

  /** Keeps a media packet that was sent at `now`. */
  onSent(now: Micros, packet: RtpPacket): void {
    this.history.add(now, packet);
    this.latest = packet.sequenceNumber;
    if (packet.payload.length >= FULL_PAYLOAD) this.latestFull = packet.sequenceNumber;
  }

  /**
   * A packet that was sent lately, again, though nobody asked for it; undefined without a stream for retransmissions,
   * because a receiver would take a plain copy for reordering.
   */
  redundant(): RtpPacket | undefined {
    if (this.rtx === undefined) return undefined;
    const full = this.latestFull === undefined ? undefined : this.history.get(this.latestFull);
    if (full !== undefined) return this.wrap(full.packet);
    const latest = this.latest === undefined ? undefined : this.history.get(this.latest);
    return latest && { ...this.wrap(latest.packet), paddingSize: MOST_PADDING };
  }

  /** What was sent is not worth sending again. */
  forget(): void {
    this.history.clear();
  }

  /** The packets to send for a request: those of `lost` that are still kept, not on their way already, and within bounds. */
  answer(
    now: Micros,
    lost: readonly SequenceNumber[],
    { roundTrip, targetBitrateBps }: { readonly roundTrip: Micros; readonly targetBitrateBps: number },
  ): RtpPacket[] {
    const suppressFor = micros(roundTrip * SUPPRESSED_PART);
    const answers: RtpPacket[] = [];
    for (const sequence of lost) {
      const sent = this.history.get(sequence);
      if (sent === undefined) continue;
      if (sent.resentAt !== undefined && elapsed(sent.resentAt, now) < suppressFor) continue;
      if (!this.budget.take(now, sent.packet.payload.length, targetBitrateBps)) break;
      sent.resentAt = now;
      answers.push(this.wrap(sent.packet));
    }
    return answers;
  }

  private wrap(packet: RtpPacket): RtpPacket {
    if (this.rtx === undefined) return packet;
    const { ssrc, payloadType } = this.rtx;
    const rtx = wrapRtx(packet, { ssrc, payloadType, sequenceNumber: this.nextRtxSequence });
    this.nextRtxSequence = sequenceNumber(this.nextRtxSequence + 1);
    return rtx;
  }
}
