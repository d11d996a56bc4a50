import { readUint16, view } from "../rtp/byte-order.js";
import { isRtcp } from "../rtp/packet.js";
import { type ExtendedReport, parseExtendedReport, serializeExtendedReport } from "./extended-report.js";
import { type FullIntraRequest, parseFullIntraRequest, serializeFullIntraRequest } from "./full-intra-request.js";
import { type GenericNack, parseGenericNack, serializeGenericNack } from "./generic-nack.js";
import { type Goodbye, parseGoodbye, serializeGoodbye } from "./goodbye.js";
import { PacketType, PayloadSpecificFormat, RTCP_HEADER_SIZE, TransportLayerFormat } from "./header.js";
import {
  type PictureLossIndication,
  parsePictureLossIndication,
  serializePictureLossIndication,
} from "./picture-loss-indication.js";
import { parseReceiverReport, type ReceiverReport, serializeReceiverReport } from "./receiver-report.js";
import { parseSenderReport, type SenderReport, serializeSenderReport } from "./sender-report.js";
import { parseSourceDescription, type SourceDescription, serializeSourceDescription } from "./source-description.js";
import { parseTransportFeedback, serializeTransportFeedback, type TransportFeedback } from "./transport-feedback.js";
import { serializeUnknownRtcp, type UnknownRtcp } from "./unknown-rtcp.js";

/** Any RTCP packet. */
export type RtcpPacket =
  | SenderReport
  | ReceiverReport
  | SourceDescription
  | Goodbye
  | GenericNack
  | PictureLossIndication
  | FullIntraRequest
  | ExtendedReport
  | TransportFeedback
  | UnknownRtcp;

/**
 * Reads a datagram of one or more RTCP packets: compound (RFC 3550 §6.1) or reduced-size (RFC 5506), in any order. Types
 * that are not known become {@link UnknownRtcp}.
 *
 * @returns undefined if any packet in it is malformed: the lengths of the others are then not to be trusted either
 */
export function parseRtcp(data: Uint8Array): readonly RtcpPacket[] | undefined {
  const packets: RtcpPacket[] = [];
  let offset = 0;
  do {
    if (data.length < offset + RTCP_HEADER_SIZE) return undefined;
    const end = offset + RTCP_HEADER_SIZE + 4 * readUint16(data, offset + 2);
    if (end > data.length) return undefined;
    const packet = parseRtcpPacket(view(data, offset, end - offset), { isLast: end === data.length });
    if (packet === undefined) return undefined;
    packets.push(packet);
    offset = end;
  } while (offset < data.length);
  return packets;
}

function parseRtcpPacket(data: Uint8Array, { isLast }: { isLast: boolean }): RtcpPacket | undefined {
  if (!isRtcp(data)) return undefined;
  let bodySize = data.length - RTCP_HEADER_SIZE;
  const isPadded = (data[0]! & 0x20) !== 0;
  if (isPadded) {
    // Only the last packet of a compound may be padded (RFC 3550 §6.4.1). The count should be a multiple of 4, but browsers
    // pad transport-wide feedback by 1 … 3 bytes.
    const paddingSize = data[data.length - 1]!;
    if (!isLast || paddingSize === 0 || paddingSize > bodySize) return undefined;
    bodySize -= paddingSize;
  }
  const count = data[0]! & 0x1f;
  const packetType = data[1]!;
  const body = view(data, RTCP_HEADER_SIZE, bodySize);
  switch (packetType) {
    case PacketType.senderReport:
      return parseSenderReport(body, count);
    case PacketType.receiverReport:
      return parseReceiverReport(body, count);
    case PacketType.sourceDescription:
      return parseSourceDescription(body, count);
    case PacketType.goodbye:
      return parseGoodbye(body, count);
    case PacketType.extendedReport:
      return parseExtendedReport(body);
    case PacketType.transportLayerFeedback:
      if (count === TransportLayerFormat.genericNack) return parseGenericNack(body);
      if (count === TransportLayerFormat.transportFeedback) return parseTransportFeedback(body);
      break;
    case PacketType.payloadSpecificFeedback:
      if (count === PayloadSpecificFormat.pictureLossIndication) return parsePictureLossIndication(body);
      if (count === PayloadSpecificFormat.fullIntraRequest) return parseFullIntraRequest(body);
      break;
  }
  return { kind: "unknown", packetType, count, body };
}

/**
 * One datagram of `packets`, in this order. A compound starts with a sender or receiver report and has a source description
 * with the CNAME (RFC 3550 §6.1); feedback alone is reduced-size (RFC 5506). This is up to the caller.
 *
 * @throws SightlineError `invalid-argument`: a packet has more parts than its format can carry.
 */
export function serializeRtcp(packets: readonly RtcpPacket[]): Uint8Array {
  const parts = packets.map(serializeRtcpPacket);
  if (parts.length === 1) return parts[0]!;
  const datagram = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    datagram.set(part, at);
    at += part.length;
  }
  return datagram;
}

function serializeRtcpPacket(packet: RtcpPacket): Uint8Array {
  switch (packet.kind) {
    case "sender-report":
      return serializeSenderReport(packet);
    case "receiver-report":
      return serializeReceiverReport(packet);
    case "source-description":
      return serializeSourceDescription(packet);
    case "goodbye":
      return serializeGoodbye(packet);
    case "nack":
      return serializeGenericNack(packet);
    case "pli":
      return serializePictureLossIndication(packet);
    case "fir":
      return serializeFullIntraRequest(packet);
    case "extended-report":
      return serializeExtendedReport(packet);
    case "transport-feedback":
      return serializeTransportFeedback(packet);
    case "unknown":
      return serializeUnknownRtcp(packet);
  }
}
