import { SightlineError } from "../../errors.js";
import type { FecScheme } from "../../fec/index.js";
import type { ExtensionMap } from "../../rtp/extensions/extension-map.js";
import { ENCODING_NAMES, type PayloadTypeDescription, RTX_ENCODING_NAME } from "../payload-formats.js";
import { type ChromaFormat, PROFILES_420, parseH264Profile } from "./h264-profile.js";
import type { WebRtcDescription, WebRtcSection } from "./webrtc-description.js";

/** One form in which we can send the picture. */
export interface SendableVideo {
  readonly codec: "h264";
  readonly chroma: ChromaFormat;
}

/** What was agreed on for one video stream, without its SSRCs. */
export interface VideoAgreement {
  /** The section that carries it. */
  readonly mid: string;
  readonly codec: "h264";
  readonly chroma: ChromaFormat;
  readonly payloadType: number;
  /** As offered (RFC 6184 §8.1): three bytes in hexadecimal. */
  readonly profileLevelId: string;
  /** Absent: packets are sent again as they were. */
  readonly rtxPayloadType?: number;
  /** Of the repair packets. Absent: frames are not protected. */
  readonly fecPayloadType?: number;
  /** How the repair packets are made; with `fecPayloadType`. */
  readonly fec?: { readonly scheme: FecScheme };
  readonly extensions: ExtensionMap;
  /** What the viewer tells us. */
  readonly feedback: VideoFeedback;
}

/** The kinds of feedback (RFC 4585 §4.2) that are agreed on. */
export interface VideoFeedback {
  readonly nack: boolean;
  readonly pli: boolean;
  readonly fir: boolean;
  readonly transportCc: boolean;
  /** The viewer asks for round trips (RFC 3611 §4.4, `rrtr`). */
  readonly rrtr: boolean;
}

/** The encoding name of each kind of repair packets, the better one first. */
export const FEC_ENCODING_NAMES: Readonly<Record<FecScheme, string>> = {
  /** Read by Sightline's own viewers (docs/fec.md): in the tree for vendors' names (RFC 6838 §3.2). */
  "reed-solomon": "vnd.sightline.reed-solomon",
  /** The version that browsers speak. */
  "flexfec-03": "flexfec-03",
};
/** Larger IDs need the two-byte form (RFC 8285 §4.3), which not every receiver reads. */
const MAX_ONE_BYTE_EXTENSION_ID = 14;

/**
 * Chooses what to send of what an offer can receive.
 *
 * @param sendable - in the order of preference
 * @throws SightlineError `invalid-data`: nothing in the offer takes video over RTP; `unsupported`: not in a form of `sendable`
 */
export function chooseVideo(offer: WebRtcDescription, sendable: readonly SendableVideo[]): VideoAgreement {
  const sections = offer.sections.filter(takesVideo);
  if (sections.length === 0) {
    throw new SightlineError("invalid-data", "The offer does not ask for video: it has no m=video that receives.");
  }
  for (const video of sendable) {
    for (const section of sections) {
      const format = findFormat(section, video.chroma);
      if (format !== undefined) return agreement(section, video, format);
    }
  }
  const offered = new Set(sections.flatMap(({ payloadTypes }) => payloadTypes.map(({ encodingName }) => encodingName)));
  throw new SightlineError(
    "unsupported",
    `The viewer cannot play H.264 with packetization-mode 1, only ${[...offered].slice(0, 8).join(", ") || "nothing"}: use another browser.`,
  );
}

function takesVideo({ media, protocol, isRejected, direction, mid }: WebRtcSection): boolean {
  const receives = direction === "recvonly" || direction === "sendrecv";
  return media === "video" && protocol === "UDP/TLS/RTP/SAVPF" && receives && !isRejected && mid !== "";
}

function findFormat(section: WebRtcSection, chroma: ChromaFormat): PayloadTypeDescription | undefined {
  const playable = section.payloadTypes.filter(isPlayable);
  const profiles = chroma === "444" ? (["high-444"] as const) : PROFILES_420;
  for (const profile of profiles) {
    const found = playable.find((each) => parseH264Profile(profileLevelId(each)) === profile);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isPlayable({ encodingName, clockRate, formatParameters }: PayloadTypeDescription): boolean {
  const isH264 = encodingName.toUpperCase() === ENCODING_NAMES.h264 && clockRate === 90_000;
  return isH264 && formatParameters["packetization-mode"] === "1";
}

/** Baseline without more is meant where the parameter is missing (RFC 6184 §8.1). */
function profileLevelId({ formatParameters }: PayloadTypeDescription): string {
  return formatParameters["profile-level-id"] ?? "42000a";
}

function agreement(section: WebRtcSection, video: SendableVideo, format: PayloadTypeDescription): VideoAgreement {
  const { payloadType } = format;
  const { payloadTypes, feedback } = section;
  const rtx = payloadTypes.find((other) => isNamed(other, RTX_ENCODING_NAME) && aptOf(other) === payloadType);
  const takes = (kind: string) =>
    feedback.get(payloadType)?.has(kind) === true || feedback.get(Number.NaN)?.has(kind) === true;
  const { transportSequenceNumber, ...others } = withinOneByte(section.extensions);
  const hasTransportCc = takes("transport-cc") && transportSequenceNumber !== undefined;
  return {
    mid: section.mid,
    ...video,
    payloadType,
    profileLevelId: profileLevelId(format),
    ...(rtx !== undefined && { rtxPayloadType: rtx.payloadType }),
    ...chooseFec(payloadTypes),
    extensions: { ...others, ...(hasTransportCc && { transportSequenceNumber }) },
    feedback: {
      nack: takes("nack"),
      pli: takes("nack pli"),
      fir: takes("ccm fir"),
      transportCc: hasTransportCc,
      rrtr: takes("rrtr"),
    },
  };
}

function chooseFec(payloadTypes: readonly PayloadTypeDescription[]): Pick<VideoAgreement, "fecPayloadType" | "fec"> {
  for (const scheme of ["reed-solomon", "flexfec-03"] as const) {
    const found = payloadTypes.find((each) => isNamed(each, FEC_ENCODING_NAMES[scheme]));
    if (found !== undefined) return { fecPayloadType: found.payloadType, fec: { scheme } };
  }
  return {};
}

function isNamed({ encodingName }: PayloadTypeDescription, name: string): boolean {
  return encodingName.toLowerCase() === name;
}

function aptOf({ formatParameters }: PayloadTypeDescription): number {
  return Number(formatParameters["apt"]);
}

function withinOneByte(extensions: ExtensionMap): ExtensionMap {
  return Object.fromEntries(Object.entries(extensions).filter(([, id]) => id <= MAX_ONE_BYTE_EXTENSION_ID));
}
