import { createFecDecoder, type FecDecoder, type FecDecoderStatistics } from "../fec/index.js";
import type { RtpPacket, SequenceNumber } from "../rtp/index.js";
import { elapsed, type Micros, seconds } from "../time.js";

/** A sender whose last repair packet is older than this has stopped protecting. */
const ACTIVE_FOR = seconds(1);

/** Which stream a {@link StreamProtection} rebuilds packets of. */
export interface StreamProtectionOptions {
  readonly mediaSsrc: number;
  /** The ID of the transport-wide sequence number; absent if packets have none. */
  readonly transportSequenceNumber: number | undefined;
}

/** Rebuilds lost packets of one received stream from its repair packets, and tells which need not be asked for. */
export class StreamProtection {
  private readonly options: StreamProtectionOptions;
  private decoder: FecDecoder;
  private lastRepairAt: Micros | undefined;

  constructor(options: StreamProtectionOptions) {
    this.options = options;
    this.decoder = this.createDecoder();
  }

  /** A media packet came, as sent or sent again; what can be rebuilt now. */
  onMedia(packet: RtpPacket): readonly RtpPacket[] {
    return this.decoder.onMedia(packet);
  }

  /** A repair packet came; what can be rebuilt now. */
  onRepair(now: Micros, packet: RtpPacket): readonly RtpPacket[] {
    this.lastRepairAt = now;
    return this.decoder.onRepair(packet);
  }

  /** The sender has sent everything up to this packet, as its repair packets show. */
  get highestSent(): SequenceNumber | undefined {
    return this.decoder.newestProtected;
  }

  /** Whether a missing packet may soon be rebuilt without being asked for. */
  isRepairExpected(now: Micros, sequence: SequenceNumber): boolean {
    return this.isActive(now) && this.decoder.isRepairExpected(sequence);
  }

  /** Whether the sender protects its frames at present. */
  isActive(now: Micros): boolean {
    return this.lastRepairAt !== undefined && elapsed(this.lastRepairAt, now) < ACTIVE_FOR;
  }

  /** The sender counts anew. */
  reset(): void {
    this.decoder = this.createDecoder();
    this.lastRepairAt = undefined;
  }

  /** What was done since the sender last counted anew. */
  stats(): FecDecoderStatistics {
    return this.decoder.stats();
  }

  private createDecoder(): FecDecoder {
    const { mediaSsrc, transportSequenceNumber } = this.options;
    return createFecDecoder({ scheme: "reed-solomon", transportSequenceNumber }, { mediaSsrc });
  }
}
