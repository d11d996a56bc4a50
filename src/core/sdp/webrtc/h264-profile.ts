/** How much colour a picture keeps: as much as light (4:4:4), or a quarter of it (4:2:0). */
export type ChromaFormat = "420" | "444";

/** The profiles of H.264 that browsers offer to decode. */
export type H264Profile = "constrained-baseline" | "baseline" | "main" | "high" | "high-444";

/**
 * The profiles by which 4:2:0 is sent, the best first: an encoder for low delay uses no tools beyond constrained baseline, so
 * that one is the most honest name for it, and the others can decode it as well.
 */
export const PROFILES_420: readonly H264Profile[] = ["constrained-baseline", "baseline", "main", "high"];

/**
 * Which profile a `profile-level-id` names (RFC 6184 §8.1; ITU-T H.264 §A.2): three bytes in hexadecimal, `profile_idc`,
 * the constraint flags and the level.
 *
 * @returns undefined if it is malformed or of another profile
 */
export function parseH264Profile(profileLevelId: string): H264Profile | undefined {
  const match = /^([0-9a-f]{2})([0-9a-f]{2})[0-9a-f]{2}$/i.exec(profileLevelId);
  if (match === null) return undefined;
  const isConstrained = (Number.parseInt(match[2]!, 16) & 0x40) !== 0; // constraint_set1_flag
  switch (Number.parseInt(match[1]!, 16)) {
    case 0x42:
      return isConstrained ? "constrained-baseline" : "baseline";
    case 0x4d:
      return "main";
    case 0x64:
      return "high";
    case 0xf4:
      return "high-444";
    default:
      return undefined;
  }
}
