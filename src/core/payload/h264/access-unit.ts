import { hasRecoveryPoint, isIntraSlice, isSlice, NalType, nalType } from "./nal.js";

/**
 * Whether decoding can start at an access unit. It can if there is
 *
 * - an IDR slice, or
 * - a recovery point SEI: the picture is whole some frames later (intra refresh, open GOP), or
 * - a sequence parameter set and no slice that is predicted from other pictures. That holds too for parameter sets sent
 *   ahead in an access unit of their own.
 */
export function isKeyframe(nals: readonly Uint8Array[]): boolean {
  let hasParameterSet = false;
  let isPredicted = false;
  for (const nal of nals) {
    const type = nalType(nal[0]!);
    if (type === NalType.idrSlice) return true;
    if (type === NalType.supplementalEnhancementInformation && hasRecoveryPoint(nal)) return true;
    if (type === NalType.sequenceParameterSet) hasParameterSet = true;
    if (isSlice(type) && !isIntraSlice(nal)) isPredicted = true;
  }
  return hasParameterSet && !isPredicted;
}
