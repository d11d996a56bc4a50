import { readUint16 } from "../byte-order.js";
import { type SequenceNumber, sequenceNumber } from "../sequence-number.js";

/** Names the transport-wide sequence number in a session description (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2). */
export const TRANSPORT_SEQUENCE_NUMBER_URI =
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

/**
 * The data of a transport-wide sequence number: it counts all packets sent to one address, whatever their stream, so that
 * the receiver can report on each (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2).
 *
 * ```text
 *  0                   1                   2
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  ID   | L=1   |transport-wide sequence number |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function writeTransportSequenceNumber(sequence: SequenceNumber): Uint8Array {
  const data = new Uint8Array(2);
  data[0] = sequence >>> 8;
  data[1] = sequence;
  return data;
}

/** Reads {@link writeTransportSequenceNumber}. Bytes after the first two (version 2 of the extension) are ignored. */
export function readTransportSequenceNumber(data: Uint8Array): SequenceNumber | undefined {
  return data.length >= 2 ? sequenceNumber(readUint16(data, 0)) : undefined;
}
