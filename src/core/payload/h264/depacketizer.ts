import type { DepacketizedFrame, Depacketizer, PayloadHints } from "../payload-format.js";
import { isKeyframe } from "./access-unit.js";
import { AnnexBWriter } from "./annex-b-writer.js";
import { hasRecoveryPoint, NalType, nalType, startsAccessUnit } from "./nal.js";

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
    const writer = new AnnexBWriter(annexBCapacity(payloads));
    /** The header byte of the NAL unit that is being put together from fragments. */
    let fragmented: number | undefined;
    for (const payload of payloads) {
      const header = payload[0];
      if (header === undefined) return undefined;
      const type = nalType(header);
      if (type === NalType.fuA) {
        const fuHeader = payload[1];
        if (fuHeader === undefined || payload.length === FU_HEADER_SIZE) return undefined;
        const starts = (fuHeader & FU_START) !== 0;
        const ends = (fuHeader & FU_END) !== 0;
        const original = (header & 0xe0) | nalType(fuHeader);
        // A NAL unit that fits in one fragment must not be fragmented (§5.8), so no fragment is both first and last.
        if ((starts && ends) || !isSingleNal(original)) return undefined;
        if (starts ? fragmented !== undefined : fragmented === undefined) return undefined;
        if (starts) writer.startNal(original);
        else if (nalType(original) !== nalType(fragmented!)) return undefined;
        writer.append(payload, { from: FU_HEADER_SIZE });
        fragmented = ends ? undefined : original;
      } else if (fragmented !== undefined) {
        return undefined;
      } else if (type === NalType.stapA) {
        const nals = splitAggregate(payload);
        if (nals === undefined) return undefined;
        for (const nal of nals) writer.writeNal(nal);
      } else if (isSingleNal(header)) {
        writer.writeNal(payload);
      } else {
        return undefined;
      }
    }
    if (fragmented !== undefined) return undefined;
    const nals = writer.nals();
    return nals.length === 0 ? undefined : { data: writer.data(), keyframe: isKeyframe(nals) };
  },
};

function isSingleNal(header: number): boolean {
  const type = nalType(header);
  return type >= 1 && type <= 23;
}

function inspectNal(nal: Uint8Array): PayloadHints {
  const type = nalType(nal[0]!);
  const keyframe =
    type === NalType.idrSlice ||
    type === NalType.sequenceParameterSet ||
    (type === NalType.supplementalEnhancementInformation && hasRecoveryPoint(nal));
  return { startsFrame: startsAccessUnit(type, nal[1]), keyframe };
}

function inspectAggregate(payload: Uint8Array): PayloadHints | undefined {
  const nals = splitAggregate(payload);
  if (nals === undefined) return undefined;
  const hints = nals.map(inspectNal);
  return { startsFrame: hints[0]!.startsFrame, keyframe: hints.some((hint) => hint.keyframe) };
}

function inspectFragment(payload: Uint8Array): PayloadHints | undefined {
  const fuHeader = payload[1];
  if (fuHeader === undefined || !isSingleNal(fuHeader)) return undefined;
  const type = nalType(fuHeader);
  return {
    startsFrame: (fuHeader & FU_START) !== 0 && startsAccessUnit(type, payload[FU_HEADER_SIZE]),
    keyframe: type === NalType.idrSlice || type === NalType.sequenceParameterSet,
  };
}

/** The NAL units of a STAP-A, as views; undefined if a size does not fit or there is none. */
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
