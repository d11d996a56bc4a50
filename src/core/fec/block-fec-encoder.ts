import { type RtpPacket, type SequenceNumber, sequenceNumber } from "../rtp/index.js";
import { type Block, blockCount, blockFactor, writeBlockRepair } from "./block-repair.js";
import { CAUCHY_SIZE } from "./cauchy.js";
import { sharedErasureEngine } from "./create-erasure-engine.js";
import { combineShards, type ErasureEngine, longestShard } from "./erasure-engine.js";
import type { FecEncoder, FecEncoderStatistics } from "./fec-codec.js";
import type { FecStreams } from "./fec-streams.js";
import { matrixOf } from "./linear-system.js";
import { toProtectedForm } from "./protected-form.js";

/**
 * A frame's repair packets also protect the frames before it, up to this many in all. Two halve the part of the frames that
 * wait for a retransmission, four take half of the rest where round trips are long, six nothing more (docs/fec.md).
 */
const WINDOW_FRAMES = 4;
/** … as long as all have at most this many packets: a large change of the picture is worth its own repair packets. */
const WINDOW_PACKETS = 48;

/** What an encoder must know. */
export interface BlockFecEncoderOptions extends FecStreams {
  /** Default: the fastest that there is. */
  readonly engine?: ErasureEngine;
}

/** A packet, and its protected form once it was needed. */
interface Entry {
  readonly packet: RtpPacket;
  form?: Uint8Array;
}

/**
 * Protects frames with Reed-Solomon parity between Sightline peers. A large frame is split into interleaved blocks. The
 * repair packets of a small one protect the few frames before it as well: what a burst takes together with its own repair
 * packets, those of the next frames bring back.
 */
export class BlockFecEncoder implements FecEncoder {
  private readonly options: BlockFecEncoderOptions;
  private readonly engine: ErasureEngine;
  /** The frames before, newest first, without a gap in their sequence numbers. */
  private recent: (readonly Entry[])[] = [];
  private next: SequenceNumber;
  private row = 0;
  private readonly counts = { framesProtected: 0, repairPacketsMade: 0, repairBytesMade: 0 };

  constructor(options: BlockFecEncoderOptions) {
    this.options = options;
    this.engine = options.engine ?? sharedErasureEngine();
    this.next = options.firstSequenceNumber;
  }

  /** {@inheritDoc FecEncoder.protect} */
  protect(packets: readonly RtpPacket[], repairPackets: number): RtpPacket[] {
    this.remember(packets);
    if (repairPackets === 0) return [];
    const window = this.window();
    const stride = blockCount(window.length);
    const repairs: RtpPacket[][] = [];
    for (let first = 0; first < stride; first++) {
      const members = window.filter((_, i) => i % stride === first);
      // Spread evenly, the first blocks getting one more.
      const share = Math.floor((repairPackets + stride - 1 - first) / stride);
      if (share > 0) repairs.push(this.repair(members, stride, share));
    }
    this.counts.framesProtected += 1;
    return interleave(repairs);
  }

  /** {@inheritDoc FecEncoder.stats} */
  stats(): FecEncoderStatistics {
    return { ...this.counts };
  }

  private remember(packets: readonly RtpPacket[]): void {
    const newestBefore = this.recent[0]?.at(-1)?.packet.sequenceNumber;
    const follows = newestBefore !== undefined && packets[0]!.sequenceNumber === sequenceNumber(newestBefore + 1);
    const entries = packets.map((packet) => ({ packet }));
    this.recent = [entries, ...(follows ? this.recent.slice(0, WINDOW_FRAMES - 1) : [])];
  }

  /** The packets that the next repair packets protect: the newest frame, and those before it within bounds. */
  private window(): Entry[] {
    let window: Entry[] = [];
    for (const frame of this.recent) {
      if (window.length > 0 && window.length + frame.length > WINDOW_PACKETS) break;
      window = [...frame, ...window];
    }
    return window;
  }

  private repair(members: readonly Entry[], stride: number, wanted: number): RtpPacket[] {
    const block: Block = { base: members[0]!.packet.sequenceNumber, stride, count: members.length };
    const count = Math.min(wanted, CAUCHY_SIZE);
    const rows = Array.from({ length: count }, (_, i) => (this.row + i) % CAUCHY_SIZE);
    this.row = (this.row + count) % CAUCHY_SIZE;
    const forms = members.map((entry) => {
      entry.form ??= toProtectedForm(entry.packet);
      return entry.form;
    });
    const matrix = matrixOf(count, forms.length, (i, index) => blockFactor(rows[i]!, block, index));
    const parities = combineShards(this.engine, forms, { matrix, size: longestShard(forms) });
    const { timestamp } = members.at(-1)!.packet;
    return parities.map((parity, i) =>
      this.packet(timestamp, writeBlockRepair({ block, row: rows[i]!, remaining: count - 1 - i }, parity)),
    );
  }

  private packet(timestamp: RtpPacket["timestamp"], payload: Uint8Array): RtpPacket {
    const { ssrc, payloadType, mediaSsrc } = this.options;
    this.counts.repairPacketsMade += 1;
    this.counts.repairBytesMade += payload.length;
    const sequence = this.next;
    this.next = sequenceNumber(sequence + 1);
    return {
      payloadType,
      marker: false,
      sequenceNumber: sequence,
      timestamp,
      ssrc,
      csrcs: [mediaSsrc],
      extensions: [],
      payload,
    };
  }
}

/** The first of each list, then the second of each … so that a burst takes something of every block. */
function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
