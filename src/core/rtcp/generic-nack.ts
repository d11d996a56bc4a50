import { readUint16, readUint32, writeUint16 } from "../rtp/byte-order.js";
import { type SequenceNumber, sequenceDelta, sequenceNumber } from "../rtp/sequence-number.js";
import {
  createFeedback,
  FEEDBACK_STREAMS_SIZE,
  type FeedbackStreams,
  PacketType,
  RTCP_HEADER_SIZE,
  TransportLayerFormat,
} from "./header.js";

/** A receiver asks for lost packets again: Generic NACK (RFC 4585 §6.2.1). */
export interface GenericNack extends FeedbackStreams {
  readonly kind: "nack";
  /** The packets asked for. In ascending order they take the fewest bytes. */
  readonly lost: readonly SequenceNumber[];
}

/** A lost packet and which of the next 16 are lost too. */
export interface NackItem {
  /** The first lost packet. */
  readonly pid: SequenceNumber;
  /** Bitmask of lost packets: bit i (0 is the least significant) stands for `pid` + 1 + i. */
  readonly blp: number;
}

const NACK_ITEM_SIZE = 4;
const BLP_BITS = 16;

/** The fewest items that name all of `lost`, if it is in ascending order (modulo 2¹⁶); correct in any order. */
export function packNackItems(lost: readonly SequenceNumber[]): NackItem[] {
  const items: NackItem[] = [];
  let pid: SequenceNumber | undefined;
  let blp = 0;
  for (const sequence of lost) {
    const delta = pid === undefined ? -1 : sequenceDelta(pid, sequence);
    if (delta === 0) continue;
    if (delta >= 1 && delta <= BLP_BITS) {
      blp |= 1 << (delta - 1);
      continue;
    }
    if (pid !== undefined) items.push({ pid, blp });
    pid = sequence;
    blp = 0;
  }
  if (pid !== undefined) items.push({ pid, blp });
  return items;
}

/** All packets that `items` name, item by item in ascending order. */
export function unpackNackItems(items: readonly NackItem[]): SequenceNumber[] {
  const lost: SequenceNumber[] = [];
  for (const { pid, blp } of items) {
    lost.push(pid);
    for (let bit = 0; bit < BLP_BITS; bit++) {
      if ((blp & (1 << bit)) !== 0) lost.push(sequenceNumber(pid + 1 + bit));
    }
  }
  return lost;
}

/**
 * Reads the body of a Generic NACK: at least one item.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |            PID                |             BLP               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function parseGenericNack(body: Uint8Array): GenericNack | undefined {
  if (body.length < FEEDBACK_STREAMS_SIZE + NACK_ITEM_SIZE) return undefined;
  const items: NackItem[] = [];
  for (let at = FEEDBACK_STREAMS_SIZE; at + NACK_ITEM_SIZE <= body.length; at += NACK_ITEM_SIZE) {
    items.push({ pid: sequenceNumber(readUint16(body, at)), blp: readUint16(body, at + 2) });
  }
  return {
    kind: "nack",
    senderSsrc: readUint32(body, 0),
    mediaSsrc: readUint32(body, 4),
    lost: unpackNackItems(items),
  };
}

/** The whole Generic NACK packet; layout at {@link parseGenericNack}. */
export function serializeGenericNack({ senderSsrc, mediaSsrc, lost }: GenericNack): Uint8Array {
  const items = packNackItems(lost);
  const packet = createFeedback({
    packetType: PacketType.transportLayerFeedback,
    format: TransportLayerFormat.genericNack,
    senderSsrc,
    mediaSsrc,
    controlInformationSize: items.length * NACK_ITEM_SIZE,
  });
  let at = RTCP_HEADER_SIZE + FEEDBACK_STREAMS_SIZE;
  for (const { pid, blp } of items) {
    writeUint16(packet, at, pid);
    writeUint16(packet, at + 2, blp);
    at += NACK_ITEM_SIZE;
  }
  return packet;
}
