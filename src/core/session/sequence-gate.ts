import { isNewer, type SequenceNumber, sequenceDelta, sequenceNumber } from "../rtp/index.js";

/**
 * The largest gap that is taken for loss. Beyond it, half a second of a stream of 60 Mb/s is gone, a keyframe is due anyway,
 * and the packet may be a stray or forged one (MAX_DROPOUT of RFC 3550 A.1, of the size that is proposed there).
 */
const MAX_DROPOUT = 3_000;
/**
 * The oldest packet that is taken for late or repaired, not for a new start (MAX_MISORDER of RFC 3550 A.1). The first packet of a
 * page that flips may be repaired after the thousand that follow it, and those of the next one.
 */
const MAX_MISORDER = 4_000;

/**
 * What to do with a packet: `accept` it; `hold` it, because its number fits nothing before; or `restart`: it follows the
 * packet held last, so the sender counts anew from there.
 */
export type Admission = "accept" | "hold" | "restart";

/** Tells loss and reordering from a sender that starts again and from numbers that make no sense (RFC 3550 A.1). */
export class SequenceGate {
  private highest: SequenceNumber | undefined;
  private expectedAfterHeld: SequenceNumber | undefined;

  /** Decides on a packet; one that was held must be kept by the caller until the next is held or restarts. */
  admit(sequence: SequenceNumber): Admission {
    if (this.highest === undefined) {
      this.highest = sequence;
      return "accept";
    }
    if (this.isNear(sequence)) {
      if (isNewer(sequence, this.highest)) this.highest = sequence;
      return "accept";
    }
    if (sequence === this.expectedAfterHeld) {
      this.highest = sequence;
      this.expectedAfterHeld = undefined;
      return "restart";
    }
    this.expectedAfterHeld = sequenceNumber(sequence + 1);
    return "hold";
  }

  /** Whether a number is beyond all that came before. */
  isAhead(sequence: SequenceNumber): boolean {
    return this.highest === undefined || isNewer(sequence, this.highest);
  }

  /** Whether a number fits what came before; false before the first packet. */
  isNear(sequence: SequenceNumber): boolean {
    if (this.highest === undefined) return false;
    const delta = sequenceDelta(this.highest, sequence);
    return delta >= -MAX_MISORDER && delta <= MAX_DROPOUT;
  }
}
