import { parseCryptoAttributes } from "./crypto-attribute.js";
import { parseExtensionMap } from "./extension-lines.js";
import { attributeValues, lineError, type SdpSection } from "./line.js";
import { describePayloadTypes, selectPayloadType } from "./payload-formats.js";
import type { MediaDirection, VideoDescription } from "./session-description.js";

/** A video section: the stream, or why it cannot be read. */
export type VideoSection =
  | { readonly kind: "usable"; readonly video: VideoDescription }
  /** `format` names what it carries instead, for people. */
  | { readonly kind: "unusable"; readonly format: string };

/** Plain RTP, and RTP whose keys stand in the description. A receiver may give feedback under those without F too. */
const PLAIN_PROFILES = ["RTP/AVP", "RTP/AVPF"];
const ENCRYPTED_PROFILES = ["RTP/SAVP", "RTP/SAVPF"];
const DIRECTIONS: readonly MediaDirection[] = ["recvonly", "sendonly", "sendrecv", "inactive"];
const MAX_PAYLOAD_TYPE = 127;

/**
 * Reads a media section.
 *
 * @param session - the lines for the whole session, whose attributes hold where the section has none of its own
 * @returns undefined if it is not video, or switched off (port 0)
 * @throws SightlineError `invalid-data` naming the line: the `m=` line is malformed
 */
export function parseVideoSection(section: SdpSection, session: SdpSection): VideoSection | undefined {
  const mediaLine = section[0]!;
  const [media, portText = "", profile = "", ...formats] = mediaLine.value.split(/\s+/);
  if (media !== "video") return undefined;
  // A number of ports may follow the port: the first carries the first layer.
  const port = parsePort(/^\d+(?=\/\d+$|$)/.exec(portText)?.[0]);
  if (port === undefined) throw lineError(mediaLine, "has no port of 0 … 65535");
  if (port === 0) return undefined;
  const crypto = parseCryptoAttributes(section);
  const isEncrypted = ENCRYPTED_PROFILES.includes(profile.toUpperCase());
  if (isEncrypted && crypto.length === 0) return { kind: "unusable", format: `${profile} without a key (a=crypto)` };
  if (!isEncrypted && !PLAIN_PROFILES.includes(profile.toUpperCase())) return { kind: "unusable", format: profile };
  const payloadTypes = formats.map(Number).filter((number) => number >= 0 && number <= MAX_PAYLOAD_TYPE);
  if (payloadTypes.length === 0) throw lineError(mediaLine, "names no payload type of 0 … 127");

  const descriptions = describePayloadTypes(section, payloadTypes);
  const selected = selectPayloadType(descriptions);
  if (selected === undefined) {
    const names = descriptions.map(({ encodingName, payloadType }) => encodingName || `payload type ${payloadType}`);
    return { kind: "unusable", format: names.join(", ") };
  }

  const rtcpPort = parsePort(/^\d+/.exec(attributeValues(section, "rtcp")[0] ?? "")?.[0]);
  const framerate = Number(attributeValues(section, "framerate")[0]);
  const video: VideoDescription = {
    port,
    ...selected,
    extensions: { ...parseExtensionMap(session), ...parseExtensionMap(section) },
    // ffmpeg writes the keys of encrypted streams under the plain profile.
    ...(crypto.length > 0 && { crypto }),
    rtcpMux: attributeValues(section, "rtcp-mux").length > 0,
    direction: findDirection(section) ?? findDirection(session) ?? "sendrecv",
    ...(rtcpPort !== undefined && rtcpPort > 0 && { rtcpPort }),
    ...(framerate > 0 && Number.isFinite(framerate) && { framerate }),
  };
  return { kind: "usable", video };
}

function parsePort(digits: string | undefined): number | undefined {
  return digits !== undefined && Number(digits) <= 0xffff ? Number(digits) : undefined;
}

/** Which way a section's media flow; undefined if it does not say. */
export function findDirection(section: SdpSection): MediaDirection | undefined {
  return DIRECTIONS.find((direction) => attributeValues(section, direction).length > 0);
}
