declare const sequenceNumberBrand: unique symbol;

/** An RTP sequence number (RFC 3550 §5.1): 0 … 65535, follows itself around. Compare with {@link isNewer}, never with `<`. */
export type SequenceNumber = number & { readonly [sequenceNumberBrand]: true };

/** Brands an integer as a sequence number, keeping its low 16 bits. */
export function sequenceNumber(value: number): SequenceNumber {
  return (value & 0xffff) as SequenceNumber;
}

/**
 * How far `to` lies ahead of `from`, by the shorter way around: −32768 … 32767, negative if `to` is older. Exactly half way
 * around counts as older.
 */
export function sequenceDelta(from: SequenceNumber, to: SequenceNumber): number {
  return ((to - from) << 16) >> 16;
}

/** Whether `a` was sent after `b`. */
export function isNewer(a: SequenceNumber, b: SequenceNumber): boolean {
  return sequenceDelta(b, a) > 0;
}

/**
 * Gives the sequence numbers of one stream as integers that do not wrap (the extended sequence number of RFC 3550 A.1).
 * The count starts one cycle up, so that packets older than the first never become negative.
 */
export class SequenceUnwrapper {
  private highest: number | undefined;

  /**
   * The extended number of `sequence`: the one nearest to the highest so far. A jump of half a cycle or more cannot be
   * told from reordering; who detects a restarted stream starts a new unwrapper.
   */
  unwrap(sequence: SequenceNumber): number {
    if (this.highest === undefined) {
      this.highest = 0x1_0000 + sequence;
      return this.highest;
    }
    const extended = this.highest + sequenceDelta(sequenceNumber(this.highest), sequence);
    if (extended > this.highest) this.highest = extended;
    return extended;
  }
}
