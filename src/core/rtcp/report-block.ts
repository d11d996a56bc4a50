import { readUint24, readUint32, writeUint24, writeUint32 } from "../rtp/byte-order.js";
import { fromCompactSpan, toCompactSpan } from "../rtp/ntp.js";
import type { Micros } from "../time.js";

/** How one stream arrives at the reporter (RFC 3550 §6.4.1). */
export interface ReportBlock {
  /** The stream that is reported on. */
  readonly ssrc: number;
  /** The part of the packets lost since the last report: 0 … 255/256, in steps of 1/256. */
  readonly fractionLost: number;
  /** Packets lost since the start; below 0 where duplicates arrived. Held within ±2²³ on the wire. */
  readonly packetsLost: number;
  /** The highest sequence number received, with the count of cycles in the upper 16 bits. */
  readonly highestSequence: number;
  /** Interarrival jitter in ticks of the stream's RTP clock (RFC 3550 A.8). */
  readonly jitter: number;
  /** When the last sender report was sent, as its compact NTP timestamp (LSR); 0: none was received. */
  readonly lastSr: number;
  /** How long ago that report was received (DLSR), to 2⁻¹⁶ s. */
  readonly delaySinceLastSr: Micros;
}

/** Of one report block on the wire. */
export const REPORT_BLOCK_SIZE = 24;

const MAX_PACKETS_LOST = 0x7f_ffff;

/**
 * Reads `count` report blocks from `offset` on; undefined if `body` is too short.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                             SSRC                              |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | fraction lost |       cumulative number of packets lost       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           extended highest sequence number received           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                      interarrival jitter                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         last SR (LSR)                         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                   delay since last SR (DLSR)                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function parseReportBlocks(body: Uint8Array, offset: number, count: number): ReportBlock[] | undefined {
  if (offset + count * REPORT_BLOCK_SIZE > body.length) return undefined;
  const reports: ReportBlock[] = [];
  for (let i = 0; i < count; i++) {
    const at = offset + i * REPORT_BLOCK_SIZE;
    reports.push({
      ssrc: readUint32(body, at),
      fractionLost: body[at + 4]! / 256,
      packetsLost: (readUint24(body, at + 5) << 8) >> 8,
      highestSequence: readUint32(body, at + 8),
      jitter: readUint32(body, at + 12),
      lastSr: readUint32(body, at + 16),
      delaySinceLastSr: fromCompactSpan(readUint32(body, at + 20)),
    });
  }
  return reports;
}

/** Writes report blocks from `offset` on; layout at {@link parseReportBlocks}. */
export function writeReportBlocks(target: Uint8Array, offset: number, reports: readonly ReportBlock[]): void {
  let at = offset;
  for (const report of reports) {
    writeUint32(target, at, report.ssrc);
    target[at + 4] = Math.min(Math.max(Math.floor(report.fractionLost * 256), 0), 255);
    writeUint24(target, at + 5, Math.min(Math.max(report.packetsLost, -MAX_PACKETS_LOST - 1), MAX_PACKETS_LOST));
    writeUint32(target, at + 8, report.highestSequence);
    writeUint32(target, at + 12, report.jitter);
    writeUint32(target, at + 16, report.lastSr);
    writeUint32(target, at + 20, toCompactSpan(report.delaySinceLastSr));
    at += REPORT_BLOCK_SIZE;
  }
}
