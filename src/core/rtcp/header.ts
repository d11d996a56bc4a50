import { SightlineError } from "../errors.js";
import { writeUint16, writeUint32 } from "../rtp/byte-order.js";

/** The packet types of RTCP (RFC 3550 §12.1, RFC 4585 §6.1, RFC 3611 §2). */
export const PacketType = {
  senderReport: 200,
  receiverReport: 201,
  sourceDescription: 202,
  goodbye: 203,
  /** RTPFB: feedback about packets. Its count field says which: {@link TransportLayerFormat}. */
  transportLayerFeedback: 205,
  /** PSFB: feedback about pictures. Its count field says which: {@link PayloadSpecificFormat}. */
  payloadSpecificFeedback: 206,
  extendedReport: 207,
} as const;

/** Feedback message types of packet type 205 (RFC 4585 §6.2, draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). */
export const TransportLayerFormat = { genericNack: 1, transportFeedback: 15 } as const;

/** Feedback message types of packet type 206 (RFC 4585 §6.3, RFC 5104 §4.3). */
export const PayloadSpecificFormat = { pictureLossIndication: 1, fullIntraRequest: 4 } as const;

/** Of the header that all RTCP packets share. */
export const RTCP_HEADER_SIZE = 4;

/** What the shared header's five-bit field can count. */
const MAX_COUNT = 31;

/** The fields of the header that differ from packet to packet. */
export interface RtcpHeader {
  readonly packetType: number;
  /** The number of reports, sources or chunks, or the feedback message type: 0 … 31. */
  readonly count: number;
  /** The bytes after the header; a multiple of 4. */
  readonly bodySize: number;
}

/**
 * A packet with its header written (RFC 3550 §6.4.1) and its body, from {@link RTCP_HEADER_SIZE} on, still zero.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|  count  |  packet type  |    body's length in words     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @throws SightlineError `invalid-argument`: more than 31 of what the packet counts, or more than fits its length field.
 */
export function createRtcpPacket({ packetType, count, bodySize }: RtcpHeader): Uint8Array {
  if (count > MAX_COUNT)
    throw new SightlineError("invalid-argument", `An RTCP packet carries at most 31 parts, not ${count}.`);
  if (bodySize > 4 * 0xffff)
    throw new SightlineError("invalid-argument", `An RTCP packet cannot hold ${bodySize} bytes.`);
  const packet = new Uint8Array(RTCP_HEADER_SIZE + bodySize);
  packet[0] = 0x80 | count;
  packet[1] = packetType;
  writeUint16(packet, 2, bodySize / 4);
  return packet;
}

/** The two streams that a feedback message names (RFC 4585 §6.1). */
export interface FeedbackStreams {
  /** Who sends the feedback. */
  readonly senderSsrc: number;
  /** The stream that it is about. */
  readonly mediaSsrc: number;
}

/** Of a feedback message's two SSRCs, at the start of its body. */
export const FEEDBACK_STREAMS_SIZE = 8;

/** What a feedback message starts with, besides the shared header. */
export interface FeedbackHeader extends FeedbackStreams {
  readonly packetType: number;
  /** The feedback message type, FMT. */
  readonly format: number;
  /** The bytes after the two SSRCs (the feedback control information, FCI); a multiple of 4. */
  readonly controlInformationSize: number;
}

/**
 * A feedback message with header and SSRCs written (RFC 4585 §6.1); what follows, from byte 12 on, is still zero.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|   FMT   |       PT      |          length               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  SSRC of packet sender                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  SSRC of media source                         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * :            Feedback Control Information (FCI)                 :
 * ```
 */
export function createFeedback(header: FeedbackHeader): Uint8Array {
  const packet = createRtcpPacket({
    packetType: header.packetType,
    count: header.format,
    bodySize: FEEDBACK_STREAMS_SIZE + header.controlInformationSize,
  });
  writeUint32(packet, RTCP_HEADER_SIZE, header.senderSsrc);
  writeUint32(packet, RTCP_HEADER_SIZE + 4, header.mediaSsrc);
  return packet;
}
