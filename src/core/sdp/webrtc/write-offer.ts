import { DEFAULT_EXTENSION_MAP } from "../../rtp/extensions/extension-map.js";
import { DEFAULT_FEC_PAYLOAD_TYPE } from "../../rtp/payload-types.js";
import { writeExtensionMap } from "../extension-lines.js";
import { ENCODING_NAMES, RTX_ENCODING_NAME } from "../payload-formats.js";
import { FEC_ENCODING_NAMES } from "./choose-video.js";
import type { ChromaFormat } from "./h264-profile.js";
import { type SectionTransport, transportLines } from "./transport-lines.js";

/** What a viewer offers. */
export interface WebRtcOffer extends SectionTransport {
  /** The forms of H.264 that it can show, the best first. */
  readonly chroma: readonly ChromaFormat[];
  readonly videoMid: string;
  /** Of the data channels; absent: none are offered. */
  readonly dataMid?: string;
  /** Decimal digits that tell this session from others (RFC 8829 §5.2.1). */
  readonly sessionId: string;
}

/** The level asks for no more than 2160p60 (level 5.2); what the sender makes is its own business. */
const PROFILE_LEVEL_IDS: Readonly<Record<ChromaFormat, readonly string[]>> = {
  "444": ["f40034"],
  "420": ["42e034", "420034", "4d0034", "640034"],
};
const FIRST_PAYLOAD_TYPE = 96;
const FEEDBACK = ["transport-cc", "ccm fir", "nack", "nack pli"];

/** The offer of a viewer (RFC 8829 §5.2): it receives one video in any of its forms, and opens data channels. */
export function writeWebRtcOffer(offer: WebRtcOffer): string {
  const { chroma, videoMid, dataMid, sessionId } = offer;
  const profiles = chroma.flatMap((each) => PROFILE_LEVEL_IDS[each]);
  const formats = profiles.map((profile, i) => ({ profile, payloadType: FIRST_PAYLOAD_TYPE + 2 * i }));
  const payloadTypes = formats.flatMap(({ payloadType }) => [payloadType, payloadType + 1]);
  const lines = [
    "v=0",
    `o=- ${sessionId} 1 IN IP4 0.0.0.0`,
    "s=-",
    "t=0 0",
    "a=ice-options:trickle", // more is learnt of us than is said here
    `a=group:BUNDLE ${[videoMid, dataMid].filter((mid) => mid !== undefined).join(" ")}`,
    `m=video 9 UDP/TLS/RTP/SAVPF ${payloadTypes.join(" ")} ${DEFAULT_FEC_PAYLOAD_TYPE}`,
    ...transportLines(offer, videoMid, true),
    "a=recvonly",
    "a=rtcp-mux",
    "a=rtcp-rsize",
    ...writeExtensionMap(DEFAULT_EXTENSION_MAP),
    ...formats.flatMap(({ profile, payloadType }) => formatLines(profile, payloadType)),
    `a=rtpmap:${DEFAULT_FEC_PAYLOAD_TYPE} ${FEC_ENCODING_NAMES["reed-solomon"]}/90000`,
  ];
  if (dataMid !== undefined) {
    lines.push(
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
      ...transportLines(offer, dataMid, false),
      "a=sctp-port:5000",
      "a=max-message-size:262144",
    );
  }
  return `${lines.join("\r\n")}\r\n`;
}

function formatLines(profile: string, payloadType: number): string[] {
  return [
    `a=rtpmap:${payloadType} ${ENCODING_NAMES.h264}/90000`,
    `a=fmtp:${payloadType} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profile}`,
    ...FEEDBACK.map((kind) => `a=rtcp-fb:${payloadType} ${kind}`),
    `a=rtpmap:${payloadType + 1} ${RTX_ENCODING_NAME}/90000`,
    `a=fmtp:${payloadType + 1} apt=${payloadType}`,
  ];
}
