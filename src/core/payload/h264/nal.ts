import type { StartsFrame } from "../payload-format.js";
import { BitReader, unescapeRbsp } from "./bit-reader.js";

/** The NAL unit types that matter here (H.264 table 7-1; 24 and 28 from RFC 6184 §5.2). */
export const NalType = {
  slice: 1,
  slicePartitionA: 2,
  idrSlice: 5,
  supplementalEnhancementInformation: 6,
  sequenceParameterSet: 7,
  pictureParameterSet: 8,
  accessUnitDelimiter: 9,
  fillerData: 12,
  /** Single-time aggregation packet without decoding order numbers. */
  stapA: 24,
  /** Fragmentation unit without a decoding order number. */
  fuA: 28,
} as const;

/** The SEI message that marks a picture from which decoding can start without an IDR (H.264 §D.1.8). */
const SEI_RECOVERY_POINT = 6;

/** Enough bytes of a slice header for its first two fields: each at most 33 bits, and emulation prevention. */
const SLICE_HEADER_START = 16;

/** The type in a NAL unit's first byte: `F(1) NRI(2) type(5)`. */
export function nalType(header: number): number {
  return header & 0x1f;
}

/**
 * Whether a NAL unit is the first of its access unit, by the order of H.264 §7.4.1.2.3: delimiter, parameter sets, SEI,
 * slices. A sequence parameter set counts as the first, because a delimiter before it is no loss.
 *
 * @param type - its type
 * @param firstPayloadByte - the byte after its header; undefined if there is none
 */
export function startsAccessUnit(type: number, firstPayloadByte: number | undefined): StartsFrame {
  switch (type) {
    case NalType.accessUnitDelimiter:
    case NalType.sequenceParameterSet:
      return "yes";
    case NalType.slice:
    case NalType.slicePartitionA:
    case NalType.idrSlice:
      // In the first slice first_mb_in_slice is 0, which as ue(v) is a single 1 bit.
      return firstPayloadByte !== undefined && (firstPayloadByte & 0x80) !== 0 ? "maybe" : "no";
    case NalType.supplementalEnhancementInformation:
    case NalType.pictureParameterSet:
      return "maybe";
    default:
      return type >= 14 && type <= 18 ? "maybe" : "no";
  }
}

/** Whether a NAL unit is a slice of the picture proper: one that says how the picture is predicted. */
export function isSlice(type: number): boolean {
  return type === NalType.slice || type === NalType.slicePartitionA || type === NalType.idrSlice;
}

/** Whether a slice is predicted from its own picture alone: slice_type I or SI (H.264 table 7-6). */
export function isIntraSlice(nal: Uint8Array): boolean {
  const reader = new BitReader(unescapeRbsp(nal.subarray(1, SLICE_HEADER_START)));
  reader.ue(); // first_mb_in_slice
  const sliceType = reader.ue();
  return !reader.overrun && sliceType < 10 && (sliceType % 5 === 2 || sliceType % 5 === 4);
}

/** Whether an access unit delimiter promises a picture of I slices only: primary_pic_type 0 (H.264 table 7-5). */
export function announcesIntraPicture(delimiter: Uint8Array): boolean {
  return delimiter.length > 1 && delimiter[1]! >> 5 === 0;
}

/** Whether an SEI NAL unit holds a recovery point message: messages of `type, size` in runs of 255 (H.264 §7.3.2.3.1). */
export function hasRecoveryPoint(sei: Uint8Array): boolean {
  let at = 1;
  // The last byte holds the trailing bits and no message.
  while (at + 1 < sei.length) {
    let type = 0;
    for (; sei[at] === 0xff; at++) type += 0xff;
    type += sei[at++] ?? 0;
    if (type === SEI_RECOVERY_POINT) return true;
    let size = 0;
    for (; sei[at] === 0xff; at++) size += 0xff;
    size += sei[at++] ?? 0;
    at += size;
  }
  return false;
}
