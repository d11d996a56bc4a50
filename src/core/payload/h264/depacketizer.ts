import type { DepacketizedFrame, Depacketizer, PayloadHints } from "../payload-format.js";
import { AccessUnitBuilder } from "./access-unit-builder.js";
import { announcesIntraPicture, hasRecoveryPoint, NalType, nalType, startsAccessUnit } from "./nal.js";

const FU_START = 0x80;
const FU_END = 0x40;
const FU_HEADER_SIZE = 2;
const STAP_HEADER_SIZE = 1;
const STAP_LENGTH_SIZE = 2;

/**
 * Depacketizes H.264 (RFC 6184): single NAL units, STAP-A and FU-A, so packetization-modes 0 and 1. What only mode 2 has
 * (STAP-B, MTAP, FU-B: types 25–27 and 29) and the reserved types count as malformed.
 */
export const h264Depacketizer: Depacketizer = {
  intraOnly: false,

  inspect(payload: Uint8Array): PayloadHints | undefined {
    const header = payload[0];
    if (header === undefined) return undefined;
    switch (nalType(header)) {
      case NalType.stapA:
        return inspectAggregate(payload);
      case NalType.fuA:
        return inspectFragment(payload);
      default:
        return isSingleNal(header) ? inspectNal(payload) : undefined;
    }
  },

  depacketize(payloads: readonly Uint8Array[]): DepacketizedFrame | undefined {
    const builder = new AccessUnitBuilder(annexBCapacity(payloads));
    /** The header byte of the NAL unit that is being put together from fragments. */
    let fragmented: number | undefined;
    for (const payload of payloads) {
      const header = payload[0];
      if (header === undefined) return undefined;
      if (nalType(header) === NalType.fuA) {
        const fragment = parseFragment(payload);
        if (fragment === undefined || fragment.starts !== (fragmented === undefined)) return undefined;
        if (fragment.starts) builder.startNal(fragment.nalHeader);
        else if (fragment.nalHeader !== fragmented) return undefined;
        builder.append(payload, { from: FU_HEADER_SIZE });
        fragmented = fragment.ends ? undefined : fragment.nalHeader;
      } else {
        const nals = nalType(header) === NalType.stapA ? splitAggregate(payload) : [payload];
        if (fragmented !== undefined || nals === undefined || !isSingleNal(nals[0]![0]!)) return undefined;
        for (const nal of nals) builder.addNal(nal);
      }
    }
    return fragmented === undefined ? builder.build() : undefined;
  },
};

function isSingleNal(header: number): boolean {
  const type = nalType(header);
  return type >= 1 && type <= 23;
}

function inspectNal(nal: Uint8Array): PayloadHints {
  const type = nalType(nal[0]!);
  return { startsFrame: startsAccessUnit(type, nal[1]), keyframe: suggestsKeyframe(type, nal) };
}

function suggestsKeyframe(type: number, nal: Uint8Array): boolean {
  switch (type) {
    case NalType.idrSlice:
    case NalType.sequenceParameterSet:
      return true;
    case NalType.supplementalEnhancementInformation:
      return hasRecoveryPoint(nal);
    case NalType.accessUnitDelimiter:
      return announcesIntraPicture(nal);
    default:
      return false;
  }
}

function inspectAggregate(payload: Uint8Array): PayloadHints | undefined {
  const nals = splitAggregate(payload);
  if (nals === undefined) return undefined;
  const hints = nals.map(inspectNal);
  return { startsFrame: hints[0]!.startsFrame, keyframe: hints.some((hint) => hint.keyframe) };
}

function inspectFragment(payload: Uint8Array): PayloadHints | undefined {
  const fragment = parseFragment(payload);
  if (fragment === undefined) return undefined;
  const type = nalType(fragment.nalHeader);
  return {
    startsFrame: fragment.starts ? startsAccessUnit(type, payload[FU_HEADER_SIZE]) : "no",
    keyframe: type === NalType.idrSlice || type === NalType.sequenceParameterSet,
  };
}

/** A fragment's place in its NAL unit, and the header byte which that began with; undefined if it is malformed. */
function parseFragment(payload: Uint8Array): { nalHeader: number; starts: boolean; ends: boolean } | undefined {
  if (payload.length <= FU_HEADER_SIZE) return undefined;
  const [indicator, fuHeader] = [payload[0]!, payload[1]!];
  const nalHeader = (indicator & 0xe0) | nalType(fuHeader);
  const starts = (fuHeader & FU_START) !== 0;
  const ends = (fuHeader & FU_END) !== 0;
  // A NAL unit that fits into one fragment must not be fragmented (§5.8), so none is both first and last.
  return (starts && ends) || !isSingleNal(nalHeader) ? undefined : { nalHeader, starts, ends };
}

/** The NAL units of a STAP-A, as views; undefined if a size does not fit, or there is none. */
function splitAggregate(payload: Uint8Array): Uint8Array[] | undefined {
  const nals: Uint8Array[] = [];
  let at = STAP_HEADER_SIZE;
  while (at < payload.length) {
    const start = at + STAP_LENGTH_SIZE;
    if (start >= payload.length) return undefined;
    const end = start + ((payload[at]! << 8) | payload[at + 1]!);
    if (end === start || end > payload.length || !isSingleNal(payload[start]!)) return undefined;
    nals.push(payload.subarray(start, end));
    at = end;
  }
  return nals.length === 0 ? undefined : nals;
}

/** A bound on the size of the byte stream that the payloads make. */
function annexBCapacity(payloads: readonly Uint8Array[]): number {
  let capacity = 0;
  for (const payload of payloads) {
    // In an aggregate a start code replaces each size of two bytes, so at worst (NAL units of one byte) it nearly doubles.
    const isAggregate = nalType(payload[0] ?? 0) === NalType.stapA;
    capacity += (isAggregate ? 2 * payload.length : payload.length) + 4;
  }
  return capacity;
}
