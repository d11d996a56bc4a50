import { readFile } from "node:fs/promises";
import {
  type CryptoAttribute,
  DEFAULT_EXTENSION_MAP,
  DEFAULT_FEC_PAYLOAD_TYPE,
  DEFAULT_PAYLOAD_TYPES,
  DEFAULT_STILLS_PAYLOAD_TYPE,
  type ExtensionMap,
  type ParameterSets,
  type PayloadFormat,
  type PayloadTypeMap,
  parseSessionDescription,
  readSpropParameterSets,
  SightlineError,
} from "../core/index.js";
import {
  type DatagramProtection,
  masterKeyOf,
  PassphraseKey,
  PassphraseReceiver,
  SrtpSession,
} from "../transport/index.js";
import { isOwnAddress, type Listening, listeningAt, type MulticastOptions } from "./listening.js";

/** What to listen to, and what the payload type numbers mean there. */
export interface RtpSession extends Listening {
  readonly payloadTypes: PayloadTypeMap;
  readonly extensions: ExtensionMap;
  /** H.264 parameter sets from the description, for senders that do not repeat them in band. */
  readonly parameterSets?: ParameterSets;
  /** Opens what is encrypted; nothing else is let in then. Absent: the stream is not encrypted. */
  readonly protection?: DatagramProtection;
}

/** What a person says of a stream besides where it comes from. */
export interface SessionOptions extends MulticastOptions {
  /** The passphrase of an encrypted stream. */
  readonly key?: string;
}

/**
 * The session of a stream that comes without description: the default payload types.
 *
 * @throws SightlineError `invalid-argument` for a passphrase that is too short
 */
export async function undescribedSession(listening: Listening, { key }: SessionOptions): Promise<RtpSession> {
  const protection = await passphraseProtection(key);
  return {
    ...listening,
    payloadTypes: DEFAULT_PAYLOAD_TYPES,
    extensions: DEFAULT_EXTENSION_MAP,
    ...(protection && { protection }),
  };
}

/**
 * Reads the session of a session description file. The first video stream is taken.
 *
 * @throws SightlineError `not-found` if the file cannot be read, `invalid-data` or `unsupported` if it cannot be used
 */
export async function describedSession(file: string, options: SessionOptions): Promise<RtpSession> {
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw new SightlineError("not-found", `cannot read '${file}': ${cause.message}`, { cause });
  });
  const { connection, media, sourceFilter } = parseSessionDescription(text);
  const video = media[0]!;
  const source = options.source ?? sourceFilter?.[0];
  const multicast = { ...options, ...(source !== undefined && { source }) };
  // A unicast address in a description is the receiver's: ours, whatever it says.
  const host = connection.isMulticast || isOwnAddress(connection.address) ? connection.address : "";
  // Descriptions do not name Sightline's repair packets and still tiles. Other senders have no such packets.
  const formats: [number, PayloadFormat][] = [
    [DEFAULT_FEC_PAYLOAD_TYPE, { fecOf: video.payloadType }],
    [DEFAULT_STILLS_PAYLOAD_TYPE, { stillsOf: video.payloadType }],
    [video.payloadType, { codec: video.codec }],
  ];
  if (video.rtxPayloadType !== undefined) formats.push([video.rtxPayloadType, { rtxOf: video.payloadType }]);
  const sprop = video.formatParameters["sprop-parameter-sets"];
  const parameterSets = sprop === undefined ? undefined : readSpropParameterSets(sprop);
  const protection = video.crypto ? describedProtection(video.crypto) : await passphraseProtection(options.key);
  return {
    ...(await listeningAt({ host, port: video.port }, multicast)),
    payloadTypes: new Map(formats),
    extensions: video.extensions,
    ...(parameterSets && { parameterSets }),
    ...(protection && { protection }),
  };
}

/** A description that has keys tells more than a person, who may have none. */
function describedProtection(attributes: readonly CryptoAttribute[]): DatagramProtection {
  const master = masterKeyOf(attributes);
  if (master !== undefined) return new SrtpSession(master);
  const suites = attributes.map(({ suite, sessionParameters }) => [suite, ...sessionParameters].join(" "));
  throw new SightlineError(
    "unsupported",
    `the session description's encryption cannot be read: ${suites.join("; ")}; have it sent as AES_CM_128_HMAC_SHA1_80`,
  );
}

async function passphraseProtection(key: string | undefined): Promise<DatagramProtection | undefined> {
  return key === undefined ? undefined : new PassphraseReceiver(await PassphraseKey.derive(key));
}
