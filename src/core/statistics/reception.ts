/** Cumulative loss is a signed 24-bit field of the report block (RFC 3550 §6.4.1). */
const MAX_CUMULATIVE_LOSS = 0x7f_ffff;

/** What a receiver says of a stream in a report block (RFC 3550 §6.4.1), without jitter and sender report times. */
export interface ReceptionReport {
  /** Share of the packets expected since the last report that did not arrive, in 1/256: 0 … 255. */
  readonly fractionLost: number;
  /** Packets expected less packets received since the start; negative with duplicates. */
  readonly cumulativeLost: number;
  /** The highest sequence number with the count of its cycles above. */
  readonly extendedHighestSequence: number;
}

/**
 * Counts what of a stream arrived (RFC 3550 A.3). Retransmissions do not count: the report describes the path, not what
 * repair made of it.
 */
export class Reception {
  private first: number | undefined;
  private highest = 0;
  private received = 0;
  private expectedBefore = 0;
  private receivedBefore = 0;

  /** @param extendedSequence - the packet's extended sequence number */
  add(extendedSequence: number): void {
    if (this.first === undefined) {
      this.first = extendedSequence;
      this.highest = extendedSequence;
    }
    if (extendedSequence > this.highest) this.highest = extendedSequence;
    this.received += 1;
  }

  /** Packets that arrived. */
  get packetsReceived(): number {
    return this.received;
  }

  /** Packets that the path lost so far: expected less received, never negative. */
  get packetsLost(): number {
    return Math.max(this.expected - this.received, 0);
  }

  /** Makes the next report; its loss fraction counts from the report before. */
  report(): ReceptionReport {
    const expected = this.expected - this.expectedBefore;
    const lost = expected - (this.received - this.receivedBefore);
    this.expectedBefore = this.expected;
    this.receivedBefore = this.received;
    return {
      fractionLost: expected <= 0 || lost <= 0 ? 0 : Math.min(Math.floor((lost * 256) / expected), 255),
      cumulativeLost: Math.min(Math.max(this.expected - this.received, -MAX_CUMULATIVE_LOSS - 1), MAX_CUMULATIVE_LOSS),
      extendedHighestSequence: this.highest >>> 0,
    };
  }

  private get expected(): number {
    return this.first === undefined ? 0 : this.highest - this.first + 1;
  }
}
