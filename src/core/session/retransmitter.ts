import { RepairBudget, SendHistory, wrapRtx } from "../nack/index.js";
import type { Rng } from "../random.js";
import { type RtpPacket, type SequenceNumber, sequenceNumber } from "../rtp/index.js";
import { elapsed, type Micros, micros } from "../time.js";

/**
 * A packet asked for again within this part of a round trip after it was sent again is on its way: receivers repeat their
 * requests after a whole round trip, and several receivers may ask for the same packet.
 */
const SUPPRESSED_PART = 0.75;

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

  constructor({ rtx, rng }: RetransmitterOptions) {
    this.rtx = rtx;
    this.nextRtxSequence = sequenceNumber(rng.uint32());
  }

  /** Keeps a media packet that was sent at `now`. */
  onSent(now: Micros, packet: RtpPacket): void {
    this.history.add(now, packet);
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
