/** A packet's worth of trying: at 4 µs each, what it costs stays below a tenth of a millisecond. */
const TRIES_PER_PACKET = 16;
/** What packets that are not authentic can cost before authentic ones come: 4,096 tries are 16 ms. */
const MOST_CREDIT = 4_096;
const CREDIT_PER_AUTHENTIC_PACKET = 32;
/** A sequence number has 16 bits. */
const SEQUENCE_RANGE = 0x1_0000;
/** Beyond a week of 1,000 packets/s a stream starts again. */
const ROLLOVERS = 10_000;

/**
 * Where to look for the rollover counter of a stream that was joined late: nothing in its packets tells it (RFC 3711 §3.3.1),
 * so authentication has to. A sender report's packet count leaves two values; without it they are tried in turn, within
 * bounds on what forged packets can make it cost.
 */
export class RolloverSearch {
  private credit = MOST_CREDIT;
  private next = 0;
  private reported: number | undefined;

  /** A sender report that is authentic gives its packet count. */
  onSenderReport(packetCount: number): void {
    this.reported = Math.floor(Math.max(0, packetCount - 1) / SEQUENCE_RANGE);
  }

  /** A packet of the session was authentic. */
  onAuthentic(): void {
    this.credit = Math.min(MOST_CREDIT, this.credit + CREDIT_PER_AUTHENTIC_PACKET);
  }

  /** Values to try for one packet: the likely ones always, others while there is credit. */
  *candidates(): Generator<number> {
    const { reported = 0 } = this;
    yield reported;
    yield reported + 1;
    for (let tries = 0; tries < TRIES_PER_PACKET && this.spend(); tries++) {
      yield this.next;
      this.next = (this.next + 1) % ROLLOVERS;
    }
  }

  private spend(): boolean {
    if (this.credit === 0) return false;
    this.credit -= 1;
    return true;
  }
}
