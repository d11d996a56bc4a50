import { type RtpPacket, type SequenceNumber, sequenceDelta, sequenceNumber } from "../rtp/index.js";

/** Packets kept: several of the largest frames. A power of two. */
const CAPACITY = 4_096;
/** A repair packet may protect packets this far beyond the newest that came: those of a large frame that was lost whole. */
const MAX_AHEAD = 3_072;

/** Where extended numbers begin: so far up that those of packets before the first are never negative. */
const FIRST_CYCLE = 0x1_0000;

/** The packets of a stream that came last, found by their extended sequence numbers; bounded. */
export class PacketWindow {
  private readonly slots: (RtpPacket | undefined)[] = new Array(CAPACITY).fill(undefined);
  private highest: number | undefined;

  /**
   * Takes in a packet. The first one, and one out of all bounds, begins the window anew: a stream that counts anew.
   *
   * @returns its extended sequence number, or undefined if it is there already
   */
  add(packet: RtpPacket): number | undefined {
    let extended = this.extend(packet.sequenceNumber);
    if (extended === undefined) {
      this.slots.fill(undefined);
      extended = FIRST_CYCLE + packet.sequenceNumber;
      this.highest = extended;
    }
    if (this.has(extended)) return undefined;
    for (let passed = Math.max(this.highest! + 1, extended - CAPACITY + 1); passed < extended; passed++) {
      this.slots[passed % CAPACITY] = undefined; // what was there is a whole round older
    }
    this.slots[extended % CAPACITY] = packet;
    this.highest = Math.max(this.highest!, extended);
    return extended;
  }

  /** Whether the packet with this extended sequence number is kept. */
  has(extended: number): boolean {
    return this.get(extended) !== undefined;
  }

  /** The packet with this extended sequence number, if it is kept. */
  get(extended: number): RtpPacket | undefined {
    if (this.highest === undefined || extended > this.highest || extended <= this.highest - CAPACITY) return undefined;
    return this.slots[extended % CAPACITY];
  }

  /** The extended number nearest to the newest packet's; undefined if it is out of bounds, or nothing has come yet. */
  extend(sequence: SequenceNumber): number | undefined {
    if (this.highest === undefined) return undefined;
    const delta = sequenceDelta(sequenceNumber(this.highest), sequence);
    return delta > -CAPACITY && delta <= MAX_AHEAD ? this.highest + delta : undefined;
  }

  /** The extended sequence number of the oldest packet that may be kept. */
  get oldest(): number {
    return (this.highest ?? 0) - CAPACITY + 1;
  }
}
