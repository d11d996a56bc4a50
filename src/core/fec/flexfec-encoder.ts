import { type RtpPacket, type SequenceNumber, sequenceNumber } from "../rtp/index.js";
import type { FecEncoder, FecEncoderStatistics } from "./fec-codec.js";
import type { FecStreams } from "./fec-streams.js";
import { FLEXFEC_MAX_SPAN, writeFlexFec } from "./flexfec.js";
import { toProtectedForm } from "./protected-form.js";

const TRANSPORT_SEQUENCE_NUMBER_SIZE = 2;

/** What a FlexFEC encoder must know. */
export interface FlexFecEncoderOptions extends FecStreams {
  /**
   * The ID of the transport-wide sequence number, if packets get one as they leave, before their other header extensions:
   * it is protected as zeros.
   */
  readonly transportSequenceNumber?: number | undefined;
}

/**
 * Protects frames with FlexFEC-03 for browsers: each repair packet is the XOR of some packets of the frame, those of a long
 * run taken in turns so that a burst takes one of each.
 */
export class FlexFecEncoder implements FecEncoder {
  private readonly options: FlexFecEncoderOptions;
  private next: SequenceNumber;
  private readonly counts = { framesProtected: 0, repairPacketsMade: 0, repairBytesMade: 0 };

  constructor(options: FlexFecEncoderOptions) {
    this.options = options;
    this.next = options.firstSequenceNumber;
  }

  /** {@inheritDoc FecEncoder.protect} */
  protect(packets: readonly RtpPacket[], repairPackets: number): RtpPacket[] {
    if (repairPackets === 0) return [];
    this.counts.framesProtected += 1;
    const runs = Math.ceil(packets.length / FLEXFEC_MAX_SPAN);
    const runLength = Math.ceil(packets.length / runs);
    return Array.from({ length: runs }, (_, index) => {
      const run = packets.slice(index * runLength, (index + 1) * runLength);
      const wanted = Math.floor((repairPackets + runs - 1 - index) / runs);
      const groups = Math.min(wanted, run.length);
      return Array.from({ length: groups }, (_, group) => this.repair(run.filter((_, i) => i % groups === group)));
    }).flat();
  }

  /** {@inheritDoc FecEncoder.stats} */
  stats(): FecEncoderStatistics {
    return { ...this.counts };
  }

  private repair(members: readonly RtpPacket[]): RtpPacket {
    const { ssrc, payloadType, mediaSsrc } = this.options;
    const parity = xor(members.map((packet) => toProtectedForm(this.asSent(packet))));
    const sequences = members.map((packet) => packet.sequenceNumber);
    const payload = writeFlexFec(mediaSsrc, sequences, parity);
    this.counts.repairPacketsMade += 1;
    this.counts.repairBytesMade += payload.length;
    const sequence = this.next;
    this.next = sequenceNumber(sequence + 1);
    const { timestamp } = members.at(-1)!;
    return { payloadType, marker: false, sequenceNumber: sequence, timestamp, ssrc, extensions: [], payload };
  }

  private asSent(packet: RtpPacket): RtpPacket {
    const { transportSequenceNumber: id } = this.options;
    if (id === undefined) return packet;
    return {
      ...packet,
      extensions: [{ id, data: new Uint8Array(TRANSPORT_SEQUENCE_NUMBER_SIZE) }, ...packet.extensions],
    };
  }
}

function xor(forms: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(Math.max(...forms.map(({ length }) => length)));
  for (const form of forms) {
    for (let i = 0; i < form.length; i++) sum[i] = sum[i]! ^ form[i]!;
  }
  return sum;
}
