import { SightlineError } from "../../errors.js";
import type { EncodedFrame } from "../../frame.js";
import { checkMaxPayloadSize, type Packetizer } from "../payload-format.js";
import { splitAnnexB } from "./annex-b.js";
import { NalType, nalType } from "./nal.js";

const STAP_HEADER_SIZE = 1;
const STAP_LENGTH_SIZE = 2;
const FU_HEADER_SIZE = 2;
const FU_START = 0x80;
const FU_END = 0x40;

/**
 * Packetizes H.264 access units (RFC 6184, packetization-mode 1): NAL units that fit together are aggregated (STAP-A),
 * one that fits alone goes as it is, a larger one is cut into fragments of equal size (FU-A).
 *
 * Access unit delimiters and filler data are left out: the timestamp delimits access units, and filler only fills.
 */
export const h264Packetizer: Packetizer = {
  packetize(frame: EncodedFrame, maxPayloadSize: number): Uint8Array[] {
    checkMaxPayloadSize(maxPayloadSize);
    const nals = splitAnnexB(frame.data).filter((nal) => isWorthSending(nalType(nal[0]!)));
    if (nals.length === 0) {
      throw new SightlineError("invalid-data", "An H.264 frame has no NAL units; Annex B start codes are expected.");
    }
    const payloads: Uint8Array[] = [];
    let group: Uint8Array[] = [];
    let groupSize = STAP_HEADER_SIZE;
    for (const nal of nals) {
      if (groupSize + STAP_LENGTH_SIZE + nal.length > maxPayloadSize) {
        flush(group, payloads);
        group = [];
        groupSize = STAP_HEADER_SIZE;
      }
      if (nal.length > maxPayloadSize) {
        fragment(nal, maxPayloadSize, payloads);
      } else {
        group.push(nal);
        groupSize += STAP_LENGTH_SIZE + nal.length;
      }
    }
    flush(group, payloads);
    return payloads;
  },
};

function isWorthSending(type: number): boolean {
  return type !== NalType.accessUnitDelimiter && type !== NalType.fillerData;
}

/** Sends a group of NAL units that fit into one payload together, or one that fits alone. */
function flush(group: readonly Uint8Array[], payloads: Uint8Array[]): void {
  if (group.length > 1) payloads.push(aggregate(group));
  else if (group.length === 1) payloads.push(group[0]!);
}

/**
 * RFC 6184 §5.7.1:
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |F|NRI|Type=24  | NAL unit 1 size               | NAL unit 1 …  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | NAL unit 2 size               | NAL unit 2 …                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
function aggregate(nals: readonly Uint8Array[]): Uint8Array {
  const size = nals.reduce((sum, nal) => sum + STAP_LENGTH_SIZE + nal.length, STAP_HEADER_SIZE);
  const payload = new Uint8Array(size);
  let forbidden = 0;
  let referenceIdc = 0;
  let at = STAP_HEADER_SIZE;
  for (const nal of nals) {
    forbidden |= nal[0]! & 0x80;
    referenceIdc = Math.max(referenceIdc, nal[0]! & 0x60);
    payload[at] = nal.length >> 8;
    payload[at + 1] = nal.length;
    payload.set(nal, at + STAP_LENGTH_SIZE);
    at += STAP_LENGTH_SIZE + nal.length;
  }
  payload[0] = forbidden | referenceIdc | NalType.stapA;
  return payload;
}

/**
 * RFC 6184 §5.8; the NAL unit's own header byte is not sent, but put together again from both of these:
 *
 * ```
 *  0                   1
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+- …
 * |F|NRI|Type=28  |S|E|R|  Type   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+- …
 * ```
 */
function fragment(nal: Uint8Array, maxPayloadSize: number, payloads: Uint8Array[]): void {
  const header = nal[0]!;
  const size = nal.length - 1;
  const count = Math.ceil(size / (maxPayloadSize - FU_HEADER_SIZE));
  const fragmentSize = Math.ceil(size / count);
  // One allocation for all fragments: hundreds of small ones cost more than the copying.
  const memory = new Uint8Array(size + count * FU_HEADER_SIZE);
  let at = 0;
  for (let from = 1; from < nal.length; from += fragmentSize) {
    const to = Math.min(from + fragmentSize, nal.length);
    const payload = memory.subarray(at, at + FU_HEADER_SIZE + to - from);
    payload[0] = (header & 0xe0) | NalType.fuA;
    payload[1] = (from === 1 ? FU_START : 0) | (to === nal.length ? FU_END : 0) | nalType(header);
    payload.set(nal.subarray(from, to), FU_HEADER_SIZE);
    payloads.push(payload);
    at += payload.length;
  }
}
