import { readUint16, writeUint16 } from "../rtp/byte-order.js";

/**
 * What became of one packet, in two bits (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.1). The fourth value is
 * reserved.
 */
export const PacketStatus = {
  notReceived: 0,
  /** Received; its arrival is a byte: 0 … 63.75 ms after the one before. */
  smallDelta: 1,
  /** Received; its arrival is two bytes: ±8.19 s from the one before. */
  largeDelta: 2,
} as const;

const CHUNK_SIZE = 2;
const VECTOR_BIT = 0x8000;
const TWO_BIT_SYMBOLS_BIT = 0x4000;
const MAX_RUN_LENGTH = 0x1fff;
const ONE_BIT_CAPACITY = 14;
const TWO_BIT_CAPACITY = 7;

/** The statuses that were read, and where their chunks end. */
export interface StatusChunks {
  /** One of {@link PacketStatus} for each packet. */
  readonly statuses: Uint8Array;
  readonly end: number;
}

/**
 * Reads the chunks that give the statuses of `count` packets, from `offset` on.
 *
 * ```text
 *  0                   1
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0| S |       run length        |   that many packets of status S
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |1|0|       symbol list         |   14 packets: 0 not received, 1 small delta
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |1|1|       symbol list         |   7 packets of two bits each
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @returns undefined if the chunks end too early or use the reserved status
 */
export function parseStatusChunks(data: Uint8Array, offset: number, count: number): StatusChunks | undefined {
  const statuses = new Uint8Array(count);
  let filled = 0;
  let at = offset;
  while (filled < count) {
    if (at + CHUNK_SIZE > data.length) return undefined;
    const chunk = readUint16(data, at);
    at += CHUNK_SIZE;
    if ((chunk & VECTOR_BIT) === 0) {
      const end = Math.min(filled + (chunk & MAX_RUN_LENGTH), count);
      statuses.fill(chunk >> 13, filled, end);
      filled = end;
      continue;
    }
    const bits = (chunk & TWO_BIT_SYMBOLS_BIT) === 0 ? 1 : 2;
    // The symbols after the last packet are padding.
    for (let shift = 14 - bits; shift >= 0 && filled < count; shift -= bits) {
      statuses[filled++] = (chunk >> shift) & ((1 << bits) - 1);
    }
  }
  return statuses.every((status) => status <= PacketStatus.largeDelta) ? { statuses, end: at } : undefined;
}

/** The chunks for `statuses`, each 16 bits; layout at {@link parseStatusChunks}. */
export function encodeStatusChunks(statuses: Uint8Array): number[] {
  const chunks: number[] = [];
  let at = 0;
  while (at < statuses.length) {
    const remaining = statuses.length - at;
    const bits = needsTwoBits(statuses, at) ? 2 : 1;
    const capacity = Math.min(bits === 1 ? ONE_BIT_CAPACITY : TWO_BIT_CAPACITY, remaining);
    const run = runLength(statuses, at);
    if (run >= capacity) {
      chunks.push((statuses[at]! << 13) | run);
      at += run;
      continue;
    }
    let chunk = VECTOR_BIT | (bits === 2 ? TWO_BIT_SYMBOLS_BIT : 0);
    for (let i = 0; i < capacity; i++) chunk |= statuses[at + i]! << (14 - bits * (i + 1));
    chunks.push(chunk);
    at += capacity;
  }
  return chunks;
}

/** Writes `chunks` from `offset` on and says where they end. */
export function writeStatusChunks(target: Uint8Array, offset: number, chunks: readonly number[]): number {
  let at = offset;
  for (const chunk of chunks) {
    writeUint16(target, at, chunk);
    at += CHUNK_SIZE;
  }
  return at;
}

function needsTwoBits(statuses: Uint8Array, start: number): boolean {
  const end = Math.min(start + ONE_BIT_CAPACITY, statuses.length);
  for (let i = start; i < end; i++) {
    if (statuses[i]! > PacketStatus.smallDelta) return true;
  }
  return false;
}

function runLength(statuses: Uint8Array, start: number): number {
  const end = Math.min(start + MAX_RUN_LENGTH, statuses.length);
  let at = start + 1;
  while (at < end && statuses[at] === statuses[start]) at++;
  return at - start;
}
