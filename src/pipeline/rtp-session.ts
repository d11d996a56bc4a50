import { readFile } from "node:fs/promises";
import {
  DEFAULT_EXTENSION_MAP,
  DEFAULT_FEC_PAYLOAD_TYPE,
  DEFAULT_PAYLOAD_TYPES,
  type ExtensionMap,
  type ParameterSets,
  type PayloadFormat,
  type PayloadTypeMap,
  parseSessionDescription,
  readSpropParameterSets,
  SightlineError,
} from "../core/index.js";
import { isOwnAddress, type Listening, listeningAt, type MulticastOptions } from "./listening.js";

/** What to listen to, and what the payload type numbers mean there. */
export interface RtpSession extends Listening {
  readonly payloadTypes: PayloadTypeMap;
  readonly extensions: ExtensionMap;
  /** H.264 parameter sets from the description, for senders that do not repeat them in band. */
  readonly parameterSets?: ParameterSets;
}

/** The session of a stream that comes without description: the default payload types. */
export function undescribedSession(listening: Listening): RtpSession {
  return { ...listening, payloadTypes: DEFAULT_PAYLOAD_TYPES, extensions: DEFAULT_EXTENSION_MAP };
}

/**
 * Reads the session of a session description file. The first video stream is taken.
 *
 * @throws SightlineError `not-found` if the file cannot be read, `invalid-data` or `unsupported` if it cannot be used
 */
export async function describedSession(file: string, options: MulticastOptions): Promise<RtpSession> {
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw new SightlineError("not-found", `cannot read '${file}': ${cause.message}`, { cause });
  });
  const { connection, media, sourceFilter } = parseSessionDescription(text);
  const video = media[0]!;
  const source = options.source ?? sourceFilter?.[0];
  const multicast = { ...options, ...(source !== undefined && { source }) };
  // A unicast address in a description is the receiver's: ours, whatever it says.
  const host = connection.isMulticast || isOwnAddress(connection.address) ? connection.address : "";
  // Descriptions do not name Sightline's repair packets. From other senders, what has this number is no repair packet.
  const formats: [number, PayloadFormat][] = [
    [DEFAULT_FEC_PAYLOAD_TYPE, { fecOf: video.payloadType }],
    [video.payloadType, { codec: video.codec }],
  ];
  if (video.rtxPayloadType !== undefined) formats.push([video.rtxPayloadType, { rtxOf: video.payloadType }]);
  const sprop = video.formatParameters["sprop-parameter-sets"];
  const parameterSets = sprop === undefined ? undefined : readSpropParameterSets(sprop);
  return {
    ...(await listeningAt({ host, port: video.port }, multicast)),
    payloadTypes: new Map(formats),
    extensions: video.extensions,
    ...(parameterSets && { parameterSets }),
  };
}
