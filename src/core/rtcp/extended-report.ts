import { SightlineError } from "../errors.js";
import { readUint16, readUint32, view, writeUint16, writeUint32 } from "../rtp/byte-order.js";
import { fromCompactSpan, type NtpTimestamp, toCompactSpan } from "../rtp/ntp.js";
import type { Micros } from "../time.js";
import { createRtcpPacket, PacketType, RTCP_HEADER_SIZE } from "./header.js";

/** What report blocks have no room for: XR (RFC 3611). Here: the round trip as a receiver sees it. */
export interface ExtendedReport {
  readonly kind: "extended-report";
  /** Who reports. */
  readonly ssrc: number;
  readonly blocks: readonly ExtendedReportBlock[];
}

/** One block of an {@link ExtendedReport}. */
export type ExtendedReportBlock = ReceiverReferenceTime | DelaySinceLastRr | UnknownReportBlock;

/** When a receiver sent its report, for the sender to answer with DLRR: RRTR (RFC 3611 §4.4). */
export interface ReceiverReferenceTime {
  readonly kind: "rrtr";
  readonly ntp: NtpTimestamp;
}

/** A sender's answer to the reference times of its receivers: DLRR (RFC 3611 §4.5). */
export interface DelaySinceLastRr {
  readonly kind: "dlrr";
  readonly items: readonly DlrrItem[];
}

/** The answer to one receiver. */
export interface DlrrItem {
  /** The receiver. */
  readonly ssrc: number;
  /** Its last reference time as a compact NTP timestamp (LRR); 0: none was received. */
  readonly lastRr: number;
  /** How long ago that was received (DLRR), to 2⁻¹⁶ s. */
  readonly delaySinceLastRr: Micros;
}

/** A block of another type, as it was. */
export interface UnknownReportBlock {
  readonly kind: "unknown";
  readonly blockType: number;
  /** The byte after the type. */
  readonly typeSpecific: number;
  /** What follows the block's header; whole words. */
  readonly body: Uint8Array;
}

const RRTR = 4;
const DLRR = 5;
const SSRC_SIZE = 4;
const BLOCK_HEADER_SIZE = 4;
const RRTR_BODY_SIZE = 8;
const DLRR_ITEM_SIZE = 12;

/**
 * Reads the body of an XR packet.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                        SSRC of reporter                       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     BT=4      |   reserved    |       block length = 2        |  RRTR
 * |             NTP timestamp, seconds, then fraction             |
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     BT=5      |   reserved    |   block length = 3 × items    |  DLRR
 * |                       SSRC of receiver                        |
 * |                         last RR (LRR)                         |
 * |                   delay since last RR (DLRR)                  |
 * ```
 */
export function parseExtendedReport(body: Uint8Array): ExtendedReport | undefined {
  if (body.length < SSRC_SIZE) return undefined;
  const blocks: ExtendedReportBlock[] = [];
  let at = SSRC_SIZE;
  while (at < body.length) {
    if (at + BLOCK_HEADER_SIZE > body.length) return undefined;
    const size = 4 * readUint16(body, at + 2);
    const start = at + BLOCK_HEADER_SIZE;
    if (start + size > body.length) return undefined;
    const block = parseBlock({ blockType: body[at]!, typeSpecific: body[at + 1]!, body: view(body, start, size) });
    if (block === undefined) return undefined;
    blocks.push(block);
    at = start + size;
  }
  return { kind: "extended-report", ssrc: readUint32(body, 0), blocks };
}

function parseBlock(raw: Omit<UnknownReportBlock, "kind">): ExtendedReportBlock | undefined {
  const { blockType, body } = raw;
  if (blockType === RRTR) {
    if (body.length !== RRTR_BODY_SIZE) return undefined;
    return { kind: "rrtr", ntp: { seconds: readUint32(body, 0), fraction: readUint32(body, 4) } };
  }
  if (blockType === DLRR) {
    if (body.length % DLRR_ITEM_SIZE !== 0) return undefined;
    const items: DlrrItem[] = [];
    for (let at = 0; at < body.length; at += DLRR_ITEM_SIZE) {
      items.push({
        ssrc: readUint32(body, at),
        lastRr: readUint32(body, at + 4),
        delaySinceLastRr: fromCompactSpan(readUint32(body, at + 8)),
      });
    }
    return { kind: "dlrr", items };
  }
  return { kind: "unknown", ...raw };
}

/**
 * The whole XR packet; layout at {@link parseExtendedReport}.
 *
 * @throws SightlineError `invalid-argument`: the body of an unknown block is not in whole words.
 */
export function serializeExtendedReport({ ssrc, blocks }: ExtendedReport): Uint8Array {
  const sizes = blocks.map(blockBodySize);
  const packet = createRtcpPacket({
    packetType: PacketType.extendedReport,
    count: 0,
    bodySize: sizes.reduce((total, size) => total + BLOCK_HEADER_SIZE + size, SSRC_SIZE),
  });
  writeUint32(packet, RTCP_HEADER_SIZE, ssrc);
  let at = RTCP_HEADER_SIZE + SSRC_SIZE;
  for (const [i, block] of blocks.entries()) {
    writeUint16(packet, at + 2, sizes[i]! / 4);
    writeBlock(packet, at, block);
    at += BLOCK_HEADER_SIZE + sizes[i]!;
  }
  return packet;
}

function blockBodySize(block: ExtendedReportBlock): number {
  if (block.kind === "rrtr") return RRTR_BODY_SIZE;
  if (block.kind === "dlrr") return block.items.length * DLRR_ITEM_SIZE;
  if (block.body.length % 4 !== 0) {
    throw new SightlineError("invalid-argument", `A report block has whole words, not ${block.body.length} bytes.`);
  }
  return block.body.length;
}

function writeBlock(packet: Uint8Array, offset: number, block: ExtendedReportBlock): void {
  let at = offset + BLOCK_HEADER_SIZE;
  switch (block.kind) {
    case "rrtr":
      packet[offset] = RRTR;
      writeUint32(packet, at, block.ntp.seconds);
      writeUint32(packet, at + 4, block.ntp.fraction);
      break;
    case "dlrr":
      packet[offset] = DLRR;
      for (const item of block.items) {
        writeUint32(packet, at, item.ssrc);
        writeUint32(packet, at + 4, item.lastRr);
        writeUint32(packet, at + 8, toCompactSpan(item.delaySinceLastRr));
        at += DLRR_ITEM_SIZE;
      }
      break;
    case "unknown":
      packet[offset] = block.blockType;
      packet[offset + 1] = block.typeSpecific;
      packet.set(block.body, at);
      break;
  }
}
