import { SightlineError } from "../../errors.js";
import type { SectionTransport } from "./transport-lines.js";
import type { WebRtcDescription, WebRtcSection } from "./webrtc-description.js";

/**
 * How a section is reached: those that share a transport are described by the first of them (RFC 9143 §7.1.3).
 *
 * @throws SightlineError `invalid-data`: it does not say
 */
export function transportOf({ bundle, sections }: WebRtcDescription, mid: string): SectionTransport {
  const named = (name: string | undefined) => sections.find((section) => section.mid === name);
  const tagged = bundle.includes(mid) ? named(bundle[0]) : undefined;
  const section = tagged?.transport === undefined ? named(mid) : tagged;
  if (section?.transport === undefined) {
    throw new SightlineError(
      "invalid-data",
      "The session description lacks an ice-ufrag, ice-pwd or fingerprint for its video.",
    );
  }
  return { transport: section.transport, candidates: section.candidates };
}

/**
 * The section in which a viewer that also opens data channels takes a second video stream: our page, for still tiles.
 *
 * @param video - the one that carries the picture, and its payload type, which the other one takes too
 */
export function stillSectionOf(
  { bundle, sections }: WebRtcDescription,
  video: { readonly mid: string; readonly payloadType: number },
): WebRtcSection | undefined {
  if (!bundle.includes(video.mid)) return undefined;
  return sections.find(
    ({ media, mid, isRejected, direction, payloadTypes }) =>
      media === "video" &&
      !isRejected &&
      direction === "recvonly" &&
      mid !== video.mid &&
      bundle.includes(mid) &&
      payloadTypes.some(({ payloadType }) => payloadType === video.payloadType),
  );
}

/** The section of data channels, if it shares the video's transport. */
export function dataSectionOf({ bundle, sections }: WebRtcDescription, videoMid: string): WebRtcSection | undefined {
  if (!bundle.includes(videoMid)) return undefined;
  return sections.find(
    ({ media, mid, isRejected, sctpPort }) =>
      media === "application" && !isRejected && sctpPort !== undefined && bundle.includes(mid),
  );
}
