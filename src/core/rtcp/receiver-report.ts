import { readUint32, writeUint32 } from "../rtp/byte-order.js";
import { createRtcpPacket, PacketType, RTCP_HEADER_SIZE } from "./header.js";
import { parseReportBlocks, REPORT_BLOCK_SIZE, type ReportBlock, writeReportBlocks } from "./report-block.js";

/** How streams arrive at one who sends none itself: RR (RFC 3550 §6.4.2). */
export interface ReceiverReport {
  readonly kind: "receiver-report";
  /** Who reports. */
  readonly ssrc: number;
  /** On each stream received, at most 31. */
  readonly reports: readonly ReportBlock[];
}

const SSRC_SIZE = 4;

/** Reads the body of an RR: the reporter's SSRC, then `count` report blocks; a profile's extension after them is ignored. */
export function parseReceiverReport(body: Uint8Array, count: number): ReceiverReport | undefined {
  const reports = parseReportBlocks(body, SSRC_SIZE, count);
  if (reports === undefined) return undefined;
  return { kind: "receiver-report", ssrc: readUint32(body, 0), reports };
}

/**
 * The whole RR packet.
 *
 * @throws SightlineError `invalid-argument`: more than 31 report blocks.
 */
export function serializeReceiverReport({ ssrc, reports }: ReceiverReport): Uint8Array {
  const packet = createRtcpPacket({
    packetType: PacketType.receiverReport,
    count: reports.length,
    bodySize: SSRC_SIZE + reports.length * REPORT_BLOCK_SIZE,
  });
  writeUint32(packet, RTCP_HEADER_SIZE, ssrc);
  writeReportBlocks(packet, RTCP_HEADER_SIZE + SSRC_SIZE, reports);
  return packet;
}
