import { writeExtensionMap } from "../extension-lines.js";
import { ENCODING_NAMES, RTX_ENCODING_NAME } from "../payload-formats.js";
import { FLEXFEC_ENCODING_NAME, type VideoAgreement } from "./choose-video.js";
import { type IceCandidate, writeIceCandidate } from "./ice-candidate.js";
import type { WebRtcDescription, WebRtcSection, WebRtcTransport } from "./webrtc-description.js";

/** The streams that we send. */
export interface SentStreams {
  readonly ssrc: number;
  readonly rtxSsrc: number;
  readonly fecSsrc: number;
  /** The same for all of them (RFC 7022). */
  readonly cname: string;
}

/** What an answer to `offer` says. */
export interface WebRtcAnswer {
  readonly offer: WebRtcDescription;
  readonly video: VideoAgreement;
  readonly streams: SentStreams;
  /** The section of data channels that is taken; absent: none is. */
  readonly dataMid?: string;
  /** Ours. */
  readonly transport: WebRtcTransport;
  /** Ours, all of them: none follow. */
  readonly candidates: readonly IceCandidate[];
  /** Decimal digits that tell this session from others (RFC 8829 §5.2.1). */
  readonly sessionId: string;
}

/** Messages that are longer are not taken (RFC 8841 §6). */
const MAX_MESSAGE_SIZE = 262_144;
const STREAM_ID = "sightline";

/**
 * The answer to an offer (RFC 8829 §5.3): the same sections in the same order, of which the video is sent and the data
 * channels are opened; all others are refused. The sections that are taken share one transport if the offer bundles them.
 */
export function writeWebRtcAnswer(answer: WebRtcAnswer): string {
  const { offer, video, dataMid, sessionId } = answer;
  const taken = offer.sections
    .map(({ mid }) => mid)
    .filter((mid) => mid !== "" && (mid === video.mid || mid === dataMid));
  const lines = ["v=0", `o=- ${sessionId} 1 IN IP4 0.0.0.0`, "s=-", "t=0 0"];
  if (offer.bundle.includes(video.mid)) lines.push(`a=group:BUNDLE ${taken.join(" ")}`);
  lines.push(`a=msid-semantic: WMS ${STREAM_ID}`);
  for (const section of offer.sections) {
    if (section.mid === video.mid) lines.push(...videoLines(answer));
    else if (section.mid !== "" && section.mid === dataMid) lines.push(...dataLines(answer, section));
    else lines.push(...refusedLines(section));
  }
  return `${lines.join("\r\n")}\r\n`;
}

function videoLines({ video, streams, transport, candidates }: WebRtcAnswer): string[] {
  const { payloadType, rtxPayloadType, fecPayloadType } = video;
  const payloadTypes = [payloadType, rtxPayloadType, fecPayloadType].filter((each) => each !== undefined);
  return [
    `m=video 9 UDP/TLS/RTP/SAVPF ${payloadTypes.join(" ")}`,
    ...transportLines(video.mid, transport, candidates),
    "a=sendonly",
    "a=rtcp-mux",
    "a=rtcp-rsize",
    ...writeExtensionMap(video.extensions),
    `a=rtpmap:${payloadType} ${ENCODING_NAMES.h264}/90000`,
    `a=fmtp:${payloadType} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${video.profileLevelId}`,
    ...feedbackKinds(video).map((kind) => `a=rtcp-fb:${payloadType} ${kind}`),
    ...(rtxPayloadType === undefined
      ? []
      : [`a=rtpmap:${rtxPayloadType} ${RTX_ENCODING_NAME}/90000`, `a=fmtp:${rtxPayloadType} apt=${payloadType}`]),
    ...(fecPayloadType === undefined
      ? []
      : [
          `a=rtpmap:${fecPayloadType} ${FLEXFEC_ENCODING_NAME}/90000`,
          `a=fmtp:${fecPayloadType} repair-window=10000000`,
        ]),
    ...sourceLines(video, streams),
  ];
}

function feedbackKinds({ feedback: { nack, pli, fir, transportCc } }: VideoAgreement): string[] {
  return [
    ...(transportCc ? ["transport-cc"] : []),
    ...(fir ? ["ccm fir"] : []),
    ...(nack ? ["nack"] : []),
    ...(pli ? ["nack pli"] : []),
  ];
}

/** RFC 5576 §4: the streams and which of them repairs which. */
function sourceLines({ rtxPayloadType, fecPayloadType }: VideoAgreement, streams: SentStreams): string[] {
  const { ssrc, rtxSsrc, fecSsrc, cname } = streams;
  const lines = [`a=msid:${STREAM_ID} video`];
  const ssrcs = [ssrc];
  if (rtxPayloadType !== undefined) {
    lines.push(`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`);
    ssrcs.push(rtxSsrc);
  }
  if (fecPayloadType !== undefined) {
    lines.push(`a=ssrc-group:FEC-FR ${ssrc} ${fecSsrc}`);
    ssrcs.push(fecSsrc);
  }
  return [...lines, ...ssrcs.map((each) => `a=ssrc:${each} cname:${cname}`)];
}

function dataLines(
  { transport, candidates, dataMid = "", offer, video }: WebRtcAnswer,
  section: WebRtcSection,
): string[] {
  // Bundled sections use the candidates of the first one.
  const own =
    offer.sections.findIndex(({ mid }) => mid === dataMid) < offer.sections.findIndex(({ mid }) => mid === video.mid);
  return [
    `m=application 9 UDP/DTLS/SCTP ${section.formats.join(" ")}`,
    ...transportLines(dataMid, transport, own ? candidates : []),
    "a=sctp-port:5000",
    `a=max-message-size:${MAX_MESSAGE_SIZE}`,
  ];
}

function transportLines(mid: string, transport: WebRtcTransport, candidates: readonly IceCandidate[]): string[] {
  const { iceUfrag, icePwd, fingerprint, setup } = transport;
  return [
    "c=IN IP4 0.0.0.0",
    `a=mid:${mid}`,
    `a=ice-ufrag:${iceUfrag}`,
    `a=ice-pwd:${icePwd}`,
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    `a=setup:${setup}`,
    ...candidates.map((candidate) => `a=${writeIceCandidate(candidate)}`),
    ...(candidates.length > 0 ? ["a=end-of-candidates"] : []),
  ];
}

/** RFC 3264 §6: a port of 0. */
function refusedLines({ media, protocol, formats, mid }: WebRtcSection): string[] {
  const lines = [`m=${media} 0 ${protocol} ${formats.join(" ")}`, "c=IN IP4 0.0.0.0"];
  return mid === "" ? lines : [...lines, `a=mid:${mid}`, "a=inactive"];
}
