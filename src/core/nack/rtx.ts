import { type RtpPacket, type SequenceNumber, sequenceNumber } from "../rtp/index.js";

const ORIGINAL_SEQUENCE_SIZE = 2;

/** How retransmissions are told from the media they repeat (RFC 4588 §4, SSRC multiplexing). */
export interface RtxStream {
  readonly ssrc: number;
  readonly payloadType: number;
  /** The next of the retransmission stream's own sequence numbers. */
  readonly sequenceNumber: SequenceNumber;
}

/**
 * The retransmission of `packet`: its payload is the original sequence number and the original payload (RFC 4588 §4).
 * Timestamp, marker and header extensions stay those of the original.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         RTP header                            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |            OSN                |   original payload ...        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function wrapRtx(packet: RtpPacket, stream: RtxStream): RtpPacket {
  const payload = new Uint8Array(ORIGINAL_SEQUENCE_SIZE + packet.payload.length);
  payload[0] = packet.sequenceNumber >>> 8;
  payload[1] = packet.sequenceNumber;
  payload.set(packet.payload, ORIGINAL_SEQUENCE_SIZE);
  return { ...packet, ...stream, payload };
}

/**
 * The packet that a retransmission repeats (RFC 4588 §4); its payload is a view.
 *
 * @param original - the stream and payload type that `rtx` repeats packets of
 * @returns undefined if `rtx` repeats nothing, as padding sent on the retransmission stream
 */
export function unwrapRtx(
  rtx: RtpPacket,
  original: { readonly ssrc: number; readonly payloadType: number },
): RtpPacket | undefined {
  const { marker, timestamp, extensions, payload } = rtx;
  if (payload.length < ORIGINAL_SEQUENCE_SIZE) return undefined;
  return {
    ssrc: original.ssrc,
    payloadType: original.payloadType,
    marker,
    timestamp,
    extensions,
    sequenceNumber: sequenceNumber((payload[0]! << 8) | payload[1]!),
    payload: payload.subarray(ORIGINAL_SEQUENCE_SIZE),
  };
}
