import { SightlineError } from "../errors.js";
import { writeAddress } from "./connection.js";
import { writeCryptoAttribute } from "./crypto-attribute.js";
import { writeExtensionMap } from "./extension-lines.js";
import { ENCODING_NAMES, RTX_ENCODING_NAME } from "./payload-formats.js";
import type { ConnectionAddress, RtpSessionDescription, VideoDescription } from "./session-description.js";

/** Stays on the link: what a sender uses that sets nothing (RFC 1112 §6.1). */
const DEFAULT_MULTICAST_TTL = 1;

/**
 * A session description (RFC 8866) that ffmpeg, GStreamer and VLC can play. The profile is RTP/AVP (RTP/SAVP with keys) and the media's payload
 * type stands first: VLC reads no other profile, and it and ffmpeg read the first payload type only. Our own
 * receivers give feedback all the same.
 *
 * @throws SightlineError `invalid-argument`: there is no stream, or a text contains a line break.
 */
export function writeSessionDescription(description: RtpSessionDescription): string {
  const { name, origin, connection, sourceFilter = [], media } = description;
  if (media.length === 0)
    throw new SightlineError("invalid-argument", "A session description needs at least one stream.");
  const lines = [
    "v=0",
    `o=- ${origin.sessionId ?? "0"} ${origin.sessionVersion ?? "0"} IN ${writeAddress(origin.address)}`,
    `s=${name || "-"}`,
    `c=IN ${writeConnection(connection)}`,
    "t=0 0",
    "a=tool:sightline",
  ];
  if (sourceFilter.length > 0) {
    lines.push(`a=source-filter: incl IN ${writeAddress(connection.address)} ${sourceFilter.join(" ")}`);
  }
  lines.push(...media.flatMap(writeVideo));
  for (const line of lines) {
    if (/[\r\n\0]/.test(line)) {
      throw new SightlineError(
        "invalid-argument",
        `A session description cannot hold line breaks: ${JSON.stringify(line)}`,
      );
    }
  }
  return `${lines.join("\r\n")}\r\n`;
}

function writeConnection({ address, ttl = DEFAULT_MULTICAST_TTL, isMulticast }: ConnectionAddress): string {
  const hasTtl = isMulticast && !address.includes(":");
  return hasTtl ? `${writeAddress(address)}/${ttl}` : writeAddress(address);
}

function writeVideo(video: VideoDescription): string[] {
  const { port, codec, payloadType, rtxPayloadType, clockRate, rtcpPort, framerate, crypto = [] } = video;
  const payloadTypes = rtxPayloadType === undefined ? [payloadType] : [payloadType, rtxPayloadType];
  const lines = [
    `m=video ${port} ${crypto.length > 0 ? "RTP/SAVP" : "RTP/AVP"} ${payloadTypes.join(" ")}`,
    `a=rtpmap:${payloadType} ${ENCODING_NAMES[codec]}/${clockRate}`,
    ...writeFormatParameters(payloadType, video.formatParameters),
  ];
  lines.push(...crypto.map(writeCryptoAttribute));
  if (rtxPayloadType !== undefined) {
    lines.push(
      `a=rtpmap:${rtxPayloadType} ${RTX_ENCODING_NAME}/${clockRate}`,
      `a=fmtp:${rtxPayloadType} apt=${payloadType}`,
    );
  }
  if (rtcpPort !== undefined) lines.push(`a=rtcp:${rtcpPort}`);
  if (video.rtcpMux) lines.push("a=rtcp-mux");
  lines.push(...writeExtensionMap(video.extensions), `a=${video.direction}`);
  if (framerate !== undefined) lines.push(`a=framerate:${framerate}`);
  return lines;
}

function writeFormatParameters(payloadType: number, parameters: Readonly<Record<string, string>>): string[] {
  const parts = Object.entries(parameters).map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  return parts.length === 0 ? [] : [`a=fmtp:${payloadType} ${parts.join("; ")}`];
}
