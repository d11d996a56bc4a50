import type { ReportBlock } from "../rtcp/index.js";

/** What a report block says of loss (RFC 3550 §6.4.1). */
export type ReceptionReport = Pick<ReportBlock, "fractionLost" | "packetsLost" | "highestSequence">;

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

  /** A packet arrived; `extendedSequence` is its sequence number without wraps. */
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
      fractionLost: lost <= 0 ? 0 : Math.min(lost / expected, 255 / 256),
      packetsLost: this.expected - this.received,
      highestSequence: this.highest >>> 0,
    };
  }

  private get expected(): number {
    return this.first === undefined ? 0 : this.highest - this.first + 1;
  }
}
