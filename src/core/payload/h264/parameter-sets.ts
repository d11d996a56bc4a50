import { SightlineError } from "../../errors.js";
import { splitAnnexB } from "./annex-b.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { NalType, nalType } from "./nal.js";

/** The parameter sets of a stream, as NAL units without start codes. */
export interface ParameterSets {
  readonly sequence: readonly Uint8Array[];
  readonly picture: readonly Uint8Array[];
}

/**
 * Finds the parameter sets in a byte stream, such as a keyframe.
 *
 * @returns views of `data`, or undefined unless there is at least one of both kinds
 */
export function findParameterSets(data: Uint8Array): ParameterSets | undefined {
  return sortParameterSets(splitAnnexB(data));
}

/**
 * The SDP parameter `profile-level-id` (RFC 6184 §8.1): profile_idc, the constraint flags and level_idc in hexadecimal.
 *
 * @param sps - a sequence parameter set
 * @throws SightlineError `invalid-data` if it is too short
 */
export function profileLevelId(sps: Uint8Array): string {
  if (sps.length < 4) throw new SightlineError("invalid-data", "A sequence parameter set of H.264 is too short.");
  return Array.from(sps.subarray(1, 4), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The SDP parameter `sprop-parameter-sets` (RFC 6184 §8.1): the parameter sets in base64, separated by commas. */
export function writeSpropParameterSets(sets: ParameterSets): string {
  return [...sets.sequence, ...sets.picture].map(encodeBase64).join(",");
}

/**
 * Reads the SDP parameter `sprop-parameter-sets`. Empty items, which some senders write, and other kinds of NAL unit are
 * skipped.
 *
 * @returns undefined if it is not base64 or has not at least one set of both kinds
 */
export function readSpropParameterSets(value: string): ParameterSets | undefined {
  const nals: Uint8Array[] = [];
  for (const item of value.split(",")) {
    const nal = decodeBase64(item.trim());
    if (nal === undefined) return undefined;
    if (nal.length > 0) nals.push(nal);
  }
  return sortParameterSets(nals);
}

function sortParameterSets(nals: readonly Uint8Array[]): ParameterSets | undefined {
  const sequence = nals.filter((nal) => nalType(nal[0]!) === NalType.sequenceParameterSet);
  const picture = nals.filter((nal) => nalType(nal[0]!) === NalType.pictureParameterSet);
  return sequence.length > 0 && picture.length > 0 ? { sequence, picture } : undefined;
}
