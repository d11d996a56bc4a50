import { SightlineError } from "../../errors.js";
import type { ExtensionMap } from "../../rtp/extensions/extension-map.js";
import type { PayloadFormat, PayloadTypeMap } from "../../rtp/payload-types.js";
import { ENCODING_NAMES, RTX_ENCODING_NAME } from "../payload-formats.js";
import { FEC_ENCODING_NAMES } from "./choose-video.js";
import type { WebRtcDescription, WebRtcSection } from "./webrtc-description.js";

/** What a viewer will get, as `RtpReceiverOptions` wants it. */
export interface ReceivedVideo {
  readonly codec: "h264";
  readonly payloadTypes: PayloadTypeMap;
  readonly extensions: ExtensionMap;
}

/**
 * Reads from an answer what its sender sends.
 *
 * @throws SightlineError `unsupported`: it refuses the video, or sends none that we offered
 */
export function readAnsweredVideo({ sections }: WebRtcDescription): ReceivedVideo {
  const section = sections.find(({ media, isRejected }) => media === "video" && !isRejected);
  const sends = section?.direction === "sendonly" || section?.direction === "sendrecv";
  const payloadTypes = section === undefined || !sends ? new Map<number, PayloadFormat>() : payloadTypesOf(section);
  if (section === undefined || payloadTypes.size === 0) {
    throw new SightlineError(
      "unsupported",
      "The server does not send H.264 video for this link: check what it shares.",
    );
  }
  return { codec: "h264", payloadTypes, extensions: section.extensions };
}

/** Every form of H.264 that is named may come (RFC 3264 §6.1), each with its retransmissions. */
function payloadTypesOf({ payloadTypes }: WebRtcSection): Map<number, PayloadFormat> {
  const known = new Map<number, PayloadFormat>();
  for (const { encodingName, payloadType } of payloadTypes) {
    if (encodingName.toUpperCase() === ENCODING_NAMES.h264) known.set(payloadType, { codec: "h264" });
  }
  const [first] = known.keys();
  for (const { encodingName, payloadType, formatParameters } of payloadTypes) {
    const apt = Number(formatParameters["apt"]);
    if (encodingName.toLowerCase() === RTX_ENCODING_NAME && known.has(apt)) known.set(payloadType, { rtxOf: apt });
    if (encodingName.toLowerCase() === FEC_ENCODING_NAMES["reed-solomon"] && first !== undefined) {
      known.set(payloadType, { fecOf: first });
    }
  }
  return known;
}
