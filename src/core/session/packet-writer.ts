import {
  type ExtensionMap,
  type RtpPacket,
  type SequenceNumber,
  sequenceNumber,
  serializeRtpPacket,
  writeTransportSequenceNumber,
} from "../rtp/index.js";
import type { Micros } from "../time.js";
import type { SenderRate } from "./sender-rate.js";
import type { SentCounters, SentPurpose } from "./sent-counters.js";

/** What a {@link PacketWriter} tells of what leaves, and how it numbers that. */
export interface PacketWriterOptions {
  readonly extensions: ExtensionMap;
  readonly rate: SenderRate;
  readonly counters: SentCounters;
}

/** Writes packets as they leave, of all streams of the path: only then are they numbered across it, counted and told of. */
export class PacketWriter {
  private readonly options: PacketWriterOptions;
  private next = sequenceNumber(0);

  constructor(options: PacketWriterOptions) {
    this.options = options;
  }

  /** The transport-wide sequence number of the packet that left last. */
  get newest(): SequenceNumber {
    return sequenceNumber(this.next - 1);
  }

  /** The datagram of a packet that leaves at `now`. */
  write(now: Micros, packet: RtpPacket, purpose: SentPurpose): Uint8Array {
    const { rate, counters } = this.options;
    const transportSequenceNumber = this.next;
    this.next = sequenceNumber(transportSequenceNumber + 1);
    const { transportSequenceNumber: id } = this.options.extensions;
    const extensions =
      id === undefined
        ? packet.extensions
        : [{ id, data: writeTransportSequenceNumber(transportSequenceNumber) }, ...packet.extensions];
    const datagram = serializeRtpPacket({ ...packet, extensions });
    const sizeBytes = datagram.length;
    counters.addPacket(now, purpose, sizeBytes);
    rate.onSent(now, { transportSequenceNumber, sizeBytes });
    return datagram;
  }
}
