import { type RtpPacket, type SequenceNumber, sequenceDelta, sequenceNumber } from "../rtp/index.js";
import type { FecEncoder, FecEncoderStatistics } from "./fec-codec.js";
import type { FecStreams } from "./fec-streams.js";
import { FLEXFEC_MAX_SPAN, writeFlexFec } from "./flexfec.js";
import { toProtectedForm } from "./protected-form.js";

const TRANSPORT_SEQUENCE_NUMBER_SIZE = 2;
/**
 * Frames of at most so many packets are protected once more with each of the next ones, if these are as small: a burst takes a
 * small frame with its repair packets. In larger ones it takes one packet of each group.
 */
const SMALL_FRAME_PACKETS = 12;
/** With two of them instead of one, half as many frames are late in bursts of 3; a third makes no difference (docs/fec.md). */
const FRAMES_BEFORE = 2;

/** What a FlexFEC encoder must know. */
export interface FlexFecEncoderOptions extends FecStreams {
  /**
   * The ID of the transport-wide sequence number, if packets get one as they leave, before their other header extensions:
   * it is protected as zeros.
   */
  readonly transportSequenceNumber?: number | undefined;
}

/**
 * Protects frames with FlexFEC-03 for browsers: each repair packet is the XOR of some packets of the frame and, where frames are
 * small, of those before it. Packets of a long run are taken in turns, so that a burst takes one of each.
 */
export class FlexFecEncoder implements FecEncoder {
  private readonly options: FlexFecEncoderOptions;
  private next: SequenceNumber;
  /** Small frames in a row, the newest last. */
  private before: (readonly RtpPacket[])[] = [];
  private readonly counts = { framesProtected: 0, repairPacketsMade: 0, repairBytesMade: 0 };

  constructor(options: FlexFecEncoderOptions) {
    this.options = options;
    this.next = options.firstSequenceNumber;
  }

  /** {@inheritDoc FecEncoder.protect} */
  protect(packets: readonly RtpPacket[], repairPackets: number): RtpPacket[] {
    const before = this.remember(packets);
    if (repairPackets === 0) return [];
    this.counts.framesProtected += 1;
    if (packets.length <= SMALL_FRAME_PACKETS) {
      return inTurns([...before, packets], repairPackets).map((members) => this.repair(members));
    }
    const runs = Math.ceil(packets.length / FLEXFEC_MAX_SPAN);
    const runLength = Math.ceil(packets.length / runs);
    return Array.from({ length: runs }, (_, index) => {
      const run = packets.slice(index * runLength, (index + 1) * runLength);
      const wanted = Math.floor((repairPackets + runs - 1 - index) / runs);
      return inTurns([run], wanted).map((members) => this.repair(members));
    }).flat();
  }

  /** {@inheritDoc FecEncoder.stats} */
  stats(): FecEncoderStatistics {
    return { ...this.counts };
  }

  /** The small frames before this one that a mask still spans together with it. */
  private remember(packets: readonly RtpPacket[]): (readonly RtpPacket[])[] {
    const newest = packets.at(-1);
    if (newest === undefined || packets.length > SMALL_FRAME_PACKETS) {
      this.before = [];
      return [];
    }
    const spanned = ([oldest]: readonly RtpPacket[]) => {
      return oldest !== undefined && isSpanned(oldest.sequenceNumber, newest.sequenceNumber);
    };
    const before = this.before.filter(spanned);
    this.before = [...before, packets].slice(-FRAMES_BEFORE);
    return before;
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

/**
 * Splits the packets of frames, oldest first, into groups. A frame's packets are dealt out to them in turns, from another group on
 * for each frame further back: single packets in a row then have a group each.
 */
function inTurns(frames: readonly (readonly RtpPacket[])[], groups: number): RtpPacket[][] {
  const own = frames.length - 1;
  return Array.from({ length: groups }, (_, group) =>
    frames.flatMap((packets, frame) => packets.filter((_, i) => (i + own - frame) % groups === group)),
  ).filter((members) => members.length > 0);
}

function isSpanned(oldest: SequenceNumber, newest: SequenceNumber): boolean {
  const span = sequenceDelta(oldest, newest);
  return span >= 0 && span < FLEXFEC_MAX_SPAN;
}

function xor(forms: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(Math.max(...forms.map(({ length }) => length)));
  for (const form of forms) {
    for (let i = 0; i < form.length; i++) sum[i] = sum[i]! ^ form[i]!;
  }
  return sum;
}
