import { type IceCandidate, writeIceCandidate } from "./ice-candidate.js";
import type { WebRtcTransport } from "./webrtc-description.js";

/** One side's transport as a section describes it. */
export interface SectionTransport {
  readonly transport: WebRtcTransport;
  /** All of them, none follow; or none. */
  readonly candidates: readonly IceCandidate[];
}

/**
 * The lines that describe how a section is reached.
 *
 * @param isFirst - of its bundle: the others use its candidates (RFC 9143 §10)
 */
export function transportLines({ transport, candidates }: SectionTransport, mid: string, isFirst: boolean): string[] {
  const { iceUfrag, icePwd, fingerprint, setup } = transport;
  return [
    "c=IN IP4 0.0.0.0",
    `a=mid:${mid}`,
    `a=ice-ufrag:${iceUfrag}`,
    `a=ice-pwd:${icePwd}`,
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    `a=setup:${setup}`,
    ...(isFirst ? candidateLines(candidates) : []),
  ];
}

function candidateLines(candidates: readonly IceCandidate[]): string[] {
  if (candidates.length === 0) return [];
  return [...candidates.map((candidate) => `a=${writeIceCandidate(candidate)}`), "a=end-of-candidates"];
}
