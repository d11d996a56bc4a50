import { type RtpPacket, type SequenceNumber, sequenceDelta, sequenceNumber } from "../rtp/index.js";
import { elapsed, type Micros, seconds } from "../time.js";

/** Slots of the ring: a power of two above the packets of the largest frames that may be under repair at once. */
const CAPACITY = 8_192;
/** Older packets come too late for a live picture. A packet is only dropped when newer ones follow: a still picture stays. */
const DEFAULT_MAX_AGE = seconds(2);
/** Some ten large page flips. */
const DEFAULT_MAX_BYTES = 4_000_000;

/** Bounds of a {@link SendHistory}. */
export interface SendHistoryOptions {
  /** Packets older than this are dropped as newer ones come. */
  readonly maxAge?: Micros;
  /** Payload bytes kept at most. */
  readonly maxBytes?: number;
}

/** A packet that was sent and may be asked for again. */
export interface SentRtpPacket {
  readonly packet: RtpPacket;
  readonly sentAt: Micros;
  /** When it was last sent again; undefined if it never was. */
  resentAt: Micros | undefined;
}

/** The packets of one stream sent last, found by sequence number; bounded by age, bytes and count. */
export class SendHistory {
  private readonly maxAge: Micros;
  private readonly maxBytes: number;
  private readonly slots: (SentRtpPacket | undefined)[] = new Array(CAPACITY).fill(undefined);
  /** Sequence numbers `oldest` … `oldest + count − 1` are kept. */
  private oldest = sequenceNumber(0);
  private count = 0;
  private bytes = 0;

  constructor({ maxAge = DEFAULT_MAX_AGE, maxBytes = DEFAULT_MAX_BYTES }: SendHistoryOptions = {}) {
    this.maxAge = maxAge;
    this.maxBytes = maxBytes;
  }

  /** Keeps a packet that was sent at `now`. Sequence numbers must be consecutive; one that is not starts the history anew. */
  add(now: Micros, packet: RtpPacket): void {
    if (packet.sequenceNumber !== sequenceNumber(this.oldest + this.count)) {
      this.clear();
      this.oldest = packet.sequenceNumber;
    }
    if (this.count === CAPACITY) this.dropOldest();
    this.slots[packet.sequenceNumber % CAPACITY] = { packet, sentAt: now, resentAt: undefined };
    this.count += 1;
    this.bytes += packet.payload.length;
    while (this.count > 0 && this.isPastBounds(now)) this.dropOldest();
  }

  /** The packet with this sequence number, if it is still kept. */
  get(sequence: SequenceNumber): SentRtpPacket | undefined {
    const index = sequenceDelta(this.oldest, sequence);
    return index >= 0 && index < this.count ? this.slots[sequence % CAPACITY] : undefined;
  }

  /** Packets kept. */
  get packetCount(): number {
    return this.count;
  }

  /** Payload bytes kept. */
  get byteCount(): number {
    return this.bytes;
  }

  /** Drops all packets: what depends on them will not be shown. */
  clear(): void {
    while (this.count > 0) this.dropOldest();
  }

  private isPastBounds(now: Micros): boolean {
    return this.bytes > this.maxBytes || elapsed(this.slots[this.oldest % CAPACITY]!.sentAt, now) > this.maxAge;
  }

  private dropOldest(): void {
    const slot = this.oldest % CAPACITY;
    this.bytes -= this.slots[slot]!.packet.payload.length;
    this.slots[slot] = undefined;
    this.oldest = sequenceNumber(this.oldest + 1);
    this.count -= 1;
  }
}
