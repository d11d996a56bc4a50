import type { VideoCodec } from "../frame.js";
import { VIDEO_CLOCK_RATE } from "../rtp/rtp-timestamp.js";
import { attributeValues, type SdpSection } from "./line.js";
import type { VideoDescription } from "./session-description.js";

/** The names that payload formats have in `a=rtpmap`, which are not case-sensitive (RFC 8866 §6.6). */
export const ENCODING_NAMES: Readonly<Record<VideoCodec, string>> = { h264: "H264", jpeg: "JPEG" };

/** The name of retransmissions in `a=rtpmap` (RFC 4588 §8.1). */
export const RTX_ENCODING_NAME = "rtx";

/** What one payload type number of a media section stands for. */
export interface PayloadTypeDescription {
  readonly payloadType: number;
  /** As written, or "" if the section does not say. */
  readonly encodingName: string;
  readonly clockRate: number;
  /** Of audio. Absent: one, or it is none. */
  readonly channels?: number;
  readonly formatParameters: Readonly<Record<string, string>>;
}

/** What a media section says of the payload type that is used of it. */
export type SelectedPayloadType = Pick<
  VideoDescription,
  "codec" | "payloadType" | "rtxPayloadType" | "clockRate" | "formatParameters"
>;

/** The only number with a fixed meaning for a codec that we carry (RFC 3551 §6). */
const STATIC_JPEG_PAYLOAD_TYPE = 26;

/** What each of `payloadTypes`, the numbers of an `m=` line, stands for in its section. */
export function describePayloadTypes(section: SdpSection, payloadTypes: readonly number[]): PayloadTypeDescription[] {
  const encodings = new Map<number, Pick<PayloadTypeDescription, "encodingName" | "clockRate" | "channels">>();
  for (const value of attributeValues(section, "rtpmap")) {
    const match = /^(\d+)\s+([^/\s]+)\s*(?:\/\s*(\d+))?(?:\/(\d))?/.exec(value);
    if (match === null) continue;
    encodings.set(Number(match[1]), {
      encodingName: match[2]!,
      clockRate: Number(match[3]) || VIDEO_CLOCK_RATE,
      ...(match[4] !== undefined && { channels: Number(match[4]) }),
    });
  }
  const parameters = new Map<number, Record<string, string>>();
  for (const value of attributeValues(section, "fmtp")) {
    const match = /^(\d+)\s+(.*)$/.exec(value);
    if (match !== null) parameters.set(Number(match[1]), parseFormatParameters(match[2]!));
  }
  return payloadTypes.map((payloadType) => {
    const fixedName = payloadType === STATIC_JPEG_PAYLOAD_TYPE ? ENCODING_NAMES.jpeg : "";
    return {
      payloadType,
      ...(encodings.get(payloadType) ?? { encodingName: fixedName, clockRate: VIDEO_CLOCK_RATE }),
      formatParameters: parameters.get(payloadType) ?? {},
    };
  });
}

/** The first of `descriptions`, as the sender prefers them, whose codec can be read; undefined if there is none. */
export function selectPayloadType(descriptions: readonly PayloadTypeDescription[]): SelectedPayloadType | undefined {
  for (const description of descriptions) {
    const codec = codecOf(description);
    if (codec === undefined) continue;
    const { payloadType, clockRate, formatParameters } = description;
    const rtx = descriptions.find((other) => isRtxOf(other, payloadType));
    const rtxPayloadType = rtx === undefined ? {} : { rtxPayloadType: rtx.payloadType };
    return { codec, payloadType, ...rtxPayloadType, clockRate, formatParameters };
  }
  return undefined;
}

function isRtxOf({ encodingName, formatParameters }: PayloadTypeDescription, payloadType: number): boolean {
  return encodingName.toLowerCase() === RTX_ENCODING_NAME && Number(formatParameters["apt"]) === payloadType;
}

function codecOf({ encodingName, formatParameters }: PayloadTypeDescription): VideoCodec | undefined {
  switch (encodingName.toUpperCase()) {
    case ENCODING_NAMES.h264:
      // Interleaved mode sends in another order than that of decoding (RFC 6184 §6.4); nobody is known to use it.
      return formatParameters["packetization-mode"] === "2" ? undefined : "h264";
    case ENCODING_NAMES.jpeg:
      return "jpeg";
    default:
      return undefined;
  }
}

function parseFormatParameters(text: string): Record<string, string> {
  const parameters: [string, string][] = [];
  for (const part of text.split(";")) {
    // Only the first "=" divides: base64 values end in it.
    const divider = part.includes("=") ? part.indexOf("=") : part.length;
    const name = part.slice(0, divider).trim().toLowerCase();
    if (name !== "") parameters.push([name, part.slice(divider + 1).trim()]);
  }
  return Object.fromEntries(parameters);
}
