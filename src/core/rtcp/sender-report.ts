import { readUint32, writeUint32 } from "../rtp/byte-order.js";
import type { NtpTimestamp } from "../rtp/ntp.js";
import { type RtpTimestamp, rtpTimestamp } from "../rtp/rtp-timestamp.js";
import { createRtcpPacket, PacketType, RTCP_HEADER_SIZE } from "./header.js";
import { parseReportBlocks, REPORT_BLOCK_SIZE, type ReportBlock, writeReportBlocks } from "./report-block.js";

/** What a sender sent so far, and how its RTP clock relates to the time of day: SR (RFC 3550 §6.4.1). */
export interface SenderReport {
  readonly kind: "sender-report";
  /** The stream. */
  readonly ssrc: number;
  /** When this report was sent. */
  readonly ntp: NtpTimestamp;
  /** The same moment in the stream's RTP clock. */
  readonly rtpTimestamp: RtpTimestamp;
  /** RTP packets sent since the start, modulo 2³². */
  readonly packetCount: number;
  /** Payload bytes sent since the start, modulo 2³². */
  readonly octetCount: number;
  /** On the streams that the sender receives itself, at most 31. */
  readonly reports: readonly ReportBlock[];
}

const SENDER_INFO_SIZE = 24;

/**
 * Reads the body of an SR with `count` report blocks; a profile's extension after them is ignored.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         SSRC of sender                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |              NTP timestamp, seconds, then fraction            |
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         RTP timestamp                         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     sender's packet count                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                      sender's octet count                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                        report blocks ...                      |
 * ```
 */
export function parseSenderReport(body: Uint8Array, count: number): SenderReport | undefined {
  const reports = parseReportBlocks(body, SENDER_INFO_SIZE, count);
  if (reports === undefined) return undefined;
  return {
    kind: "sender-report",
    ssrc: readUint32(body, 0),
    ntp: { seconds: readUint32(body, 4), fraction: readUint32(body, 8) },
    rtpTimestamp: rtpTimestamp(readUint32(body, 12)),
    packetCount: readUint32(body, 16),
    octetCount: readUint32(body, 20),
    reports,
  };
}

/**
 * The whole SR packet; layout at {@link parseSenderReport}.
 *
 * @throws SightlineError `invalid-argument`: more than 31 report blocks.
 */
export function serializeSenderReport(report: SenderReport): Uint8Array {
  const packet = createRtcpPacket({
    packetType: PacketType.senderReport,
    count: report.reports.length,
    bodySize: SENDER_INFO_SIZE + report.reports.length * REPORT_BLOCK_SIZE,
  });
  writeUint32(packet, RTCP_HEADER_SIZE, report.ssrc);
  writeUint32(packet, RTCP_HEADER_SIZE + 4, report.ntp.seconds);
  writeUint32(packet, RTCP_HEADER_SIZE + 8, report.ntp.fraction);
  writeUint32(packet, RTCP_HEADER_SIZE + 12, report.rtpTimestamp);
  writeUint32(packet, RTCP_HEADER_SIZE + 16, report.packetCount);
  writeUint32(packet, RTCP_HEADER_SIZE + 20, report.octetCount);
  writeReportBlocks(packet, RTCP_HEADER_SIZE + SENDER_INFO_SIZE, report.reports);
  return packet;
}
