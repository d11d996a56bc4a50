import { writeExtensionMap } from "../extension-lines.js";
import { ENCODING_NAMES, type PayloadTypeDescription, RTX_ENCODING_NAME } from "../payload-formats.js";
import { FEC_ENCODING_NAMES, type VideoAgreement } from "./choose-video.js";
import { type SectionTransport, transportLines } from "./transport-lines.js";
import type { WebRtcDescription, WebRtcSection } from "./webrtc-description.js";

/** The streams that we send. */
export interface SentStreams {
  readonly ssrc: number;
  readonly rtxSsrc: number;
  readonly fecSsrc: number;
  /** The same for all of them (RFC 7022). */
  readonly cname: string;
}

/** What an answer to `offer` says. */
export interface WebRtcAnswer extends SectionTransport {
  readonly offer: WebRtcDescription;
  readonly video: VideoAgreement;
  readonly streams: SentStreams;
  /** The section of data channels that is taken; absent: none is. */
  readonly dataMid?: string;
  /** The section of still tiles and their stream; absent: none is sent by RTP. */
  readonly stills?: { readonly mid: string; readonly ssrc: number };
  /** Decimal digits that tell this session from others (RFC 8829 §5.2.1). */
  readonly sessionId: string;
}

/** Messages that are longer are not taken (RFC 8841 §6). */
const MAX_MESSAGE_SIZE = 262_144;
/** As browsers write it: repair packets follow their frame much sooner. */
const FEC_REPAIR_WINDOW_US = 10_000_000;
const STREAM_ID = "sightline";
const STILLS_STREAM_ID = "sightline-stills";

/**
 * The answer to an offer (RFC 8829 §5.3): the same sections in the same order, of which the video is sent and the data
 * channels are opened; all others are refused. The sections that are taken share one transport if the offer bundles them. The
 * one that describes the transport stays in the bundle, idle, because browsers do not find the transport otherwise.
 */
export function writeWebRtcAnswer(answer: WebRtcAnswer): string {
  const { offer, video, dataMid, stills, sessionId } = answer;
  const isBundled = offer.bundle.includes(video.mid);
  const idleMid = isBundled ? idleSection(answer)?.mid : undefined;
  const taken = [video.mid, dataMid, stills?.mid, idleMid];
  const bundle = isBundled ? offer.bundle.filter((mid) => taken.includes(mid)) : [video.mid];
  const lines = ["v=0", `o=- ${sessionId} 1 IN IP4 0.0.0.0`, "s=-", "t=0 0"];
  if (isBundled) lines.push(`a=group:BUNDLE ${bundle.join(" ")}`);
  lines.push(`a=msid-semantic: WMS ${STREAM_ID}`);
  for (const section of offer.sections) {
    const { mid } = section;
    const transport = transportLines(answer, mid, mid === bundle[0]);
    if (mid === video.mid) lines.push(...videoLines(answer, transport));
    else if (mid !== "" && mid === stills?.mid) lines.push(...stillLines(answer, stills.ssrc, transport));
    else if (mid !== "" && mid === dataMid) lines.push(...dataLines(section, transport));
    else if (mid !== "" && mid === idleMid) lines.push(...idleLines(section, transport));
    else lines.push(...refusedLines(section));
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** The section that describes the bundle's transport, if nothing is sent on it. */
function idleSection({ offer, video, dataMid, stills }: WebRtcAnswer): WebRtcSection | undefined {
  const tagged = offer.sections.find(({ mid }) => mid === offer.bundle[0]);
  if (tagged === undefined || tagged.mid === video.mid || tagged.mid === dataMid || tagged.mid === stills?.mid)
    return undefined;
  return tagged.isRejected || !tagged.payloadTypes.some(isKnown) ? undefined : tagged;
}

function isKnown({ encodingName }: PayloadTypeDescription): boolean {
  return /^[\w.+-]{1,32}$/.test(encodingName);
}

function videoLines({ video, streams }: WebRtcAnswer, transport: readonly string[]): string[] {
  const { payloadType, rtxPayloadType, fecPayloadType } = video;
  const payloadTypes = [payloadType, rtxPayloadType, fecPayloadType].filter((each) => each !== undefined);
  return [
    `m=video 9 UDP/TLS/RTP/SAVPF ${payloadTypes.join(" ")}`,
    ...streamLines(video, transport),
    ...(rtxPayloadType === undefined
      ? []
      : [`a=rtpmap:${rtxPayloadType} ${RTX_ENCODING_NAME}/90000`, `a=fmtp:${rtxPayloadType} apt=${payloadType}`]),
    ...fecLines(video),
    ...sourceLines(video, streams),
  ];
}

/** Lost packets are sent again as they were. */
function stillLines({ video, streams }: WebRtcAnswer, ssrc: number, transport: readonly string[]): string[] {
  return [
    `m=video 9 UDP/TLS/RTP/SAVPF ${video.payloadType}`,
    ...streamLines(video, transport),
    `a=msid:${STILLS_STREAM_ID} stills`,
    `a=ssrc:${ssrc} cname:${streams.cname}`,
  ];
}

function streamLines(video: VideoAgreement, transport: readonly string[]): string[] {
  const { payloadType, profileLevelId } = video;
  return [
    ...transport,
    "a=sendonly",
    "a=rtcp-mux",
    "a=rtcp-rsize",
    ...writeExtensionMap(video.extensions),
    `a=rtpmap:${payloadType} ${ENCODING_NAMES.h264}/90000`,
    `a=fmtp:${payloadType} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profileLevelId}`,
    ...feedbackKinds(video).map((kind) => `a=rtcp-fb:${payloadType} ${kind}`),
  ];
}

function feedbackKinds({ feedback: { nack, pli, fir, transportCc, rrtr } }: VideoAgreement): string[] {
  return [
    ...(transportCc ? ["transport-cc"] : []),
    ...(fir ? ["ccm fir"] : []),
    ...(nack ? ["nack"] : []),
    ...(pli ? ["nack pli"] : []),
    ...(rrtr ? ["rrtr"] : []),
  ];
}

function fecLines({ fecPayloadType, fec }: VideoAgreement): string[] {
  if (fecPayloadType === undefined || fec === undefined) return [];
  return [
    `a=rtpmap:${fecPayloadType} ${FEC_ENCODING_NAMES[fec.scheme]}/90000`,
    `a=fmtp:${fecPayloadType} repair-window=${FEC_REPAIR_WINDOW_US}`,
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

function dataLines({ formats }: WebRtcSection, transport: readonly string[]): string[] {
  return [
    `m=application 9 UDP/DTLS/SCTP ${formats.join(" ")}`,
    ...transport,
    "a=sctp-port:5000",
    `a=max-message-size:${MAX_MESSAGE_SIZE}`,
  ];
}

function idleLines({ media, protocol, payloadTypes }: WebRtcSection, transport: readonly string[]): string[] {
  const { payloadType, encodingName, clockRate, channels } = payloadTypes.find(isKnown)!;
  const encoding = channels === undefined ? `${encodingName}/${clockRate}` : `${encodingName}/${clockRate}/${channels}`;
  return [
    `m=${media} 9 ${protocol} ${payloadType}`,
    ...transport,
    "a=inactive",
    "a=rtcp-mux",
    `a=rtpmap:${payloadType} ${encoding}`,
  ];
}

/** RFC 3264 §6: a port of 0. */
function refusedLines({ media, protocol, formats, mid }: WebRtcSection): string[] {
  const lines = [`m=${media} 0 ${protocol} ${formats.join(" ")}`, "c=IN IP4 0.0.0.0"];
  return mid === "" ? lines : [...lines, `a=mid:${mid}`, "a=inactive"];
}
