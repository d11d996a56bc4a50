import { readUint16, writeUint16 } from "../rtp/byte-order.js";
import { type RtpPacket, type SequenceNumber, sequenceNumber } from "../rtp/index.js";
import { CAUCHY_SIZE, cauchy } from "./cauchy.js";
import { PROTECTED_HEADER_SIZE } from "./protected-form.js";
import type { Repair, RepairFormat } from "./repair-format.js";

/** A block has at most this many packets: larger ones repair a little more with the same overhead but cost more time. */
const MAX_BLOCK_PACKETS = 96;

/** The packets that a repair packet of a block protects: base, base + stride, base + 2 · stride … */
export interface Block {
  readonly base: SequenceNumber;
  /** 1 … 255; above 1, that many blocks interleave. */
  readonly stride: number;
  /** k: 1 … 128. */
  readonly count: number;
}

/** The header of a repair packet's payload. */
export interface BlockRepairHeader {
  readonly block: Block;
  /** The row of the Cauchy matrix: 0 … 127. Repair packets that may be used together have different ones. */
  readonly row: number;
  /** Repair packets of the same block that follow: 0 … 255. */
  readonly remaining: number;
}

/** Of the payload of a repair packet, before the parity. */
export const BLOCK_REPAIR_HEADER_SIZE = 6;

/** Into how many interleaved blocks this many packets are split. */
export function blockCount(packets: number): number {
  return Math.ceil(packets / MAX_BLOCK_PACKETS);
}

/** The factor of a packet in the repair packet of a row. It depends on nothing else, so that blocks may overlap. */
export function blockFactor(row: number, { base }: Block, index: number): number {
  return cauchy(row, base + index);
}

/**
 * The payload of a repair packet. The protected stream is the one CSRC of its RTP header, as in RFC 8627 §4.2.1.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     base sequence number      |    stride     |   count (k)   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      row      |   remaining   |  parity of protected forms ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function writeBlockRepair({ block, row, remaining }: BlockRepairHeader, parity: Uint8Array): Uint8Array {
  const payload = new Uint8Array(BLOCK_REPAIR_HEADER_SIZE + parity.length);
  writeUint16(payload, 0, block.base);
  payload[2] = block.stride;
  payload[3] = block.count;
  payload[4] = row;
  payload[5] = Math.min(remaining, 0xff);
  payload.set(parity, BLOCK_REPAIR_HEADER_SIZE);
  return payload;
}

/** Reads a repair packet; undefined if malformed. The parity is a view. */
export function readBlockRepair({ csrcs, payload }: RtpPacket): Repair | undefined {
  const ssrc = csrcs?.[0];
  if (ssrc === undefined || csrcs?.length !== 1) return undefined;
  if (payload.length < BLOCK_REPAIR_HEADER_SIZE + PROTECTED_HEADER_SIZE) return undefined;
  const base = sequenceNumber(readUint16(payload, 0));
  const [stride, count, row, remaining] = [payload[2]!, payload[3]!, payload[4]!, payload[5]!];
  if (stride === 0 || count === 0 || count > CAUCHY_SIZE || row >= CAUCHY_SIZE) return undefined;
  const block = { base, stride, count };
  const indexes = Array.from({ length: count }, (_, index) => index);
  return {
    ssrc,
    sequences: indexes.map((index) => sequenceNumber(base + index * stride)),
    factors: Uint8Array.from(indexes, (index) => blockFactor(row, block, index)),
    parity: payload.subarray(BLOCK_REPAIR_HEADER_SIZE),
    remaining,
  };
}

/**
 * The format of Sightline's own repair packets.
 *
 * @param mutableExtension - the ID of the header extension that is written as packets leave, the transport-wide sequence
 *   number; it is not protected
 */
export function blockRepairFormat(mutableExtension: number | undefined): RepairFormat {
  return {
    readRepair: readBlockRepair,
    normalize: (packet) => ({ ...packet, extensions: packet.extensions.filter(({ id }) => id !== mutableExtension) }),
  };
}
