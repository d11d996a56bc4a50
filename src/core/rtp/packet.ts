import { SightlineError } from "../errors.js";
import { readUint16, readUint32, view, writeUint16, writeUint32 } from "./byte-order.js";
import {
  type HeaderExtension,
  headerExtensionsSize,
  NO_EXTENSIONS,
  parseHeaderExtensions,
  writeHeaderExtensions,
} from "./header-extension.js";
import type { RtpTimestamp } from "./rtp-timestamp.js";
import type { SequenceNumber } from "./sequence-number.js";

/** An RTP packet (RFC 3550 §5.1). */
export interface RtpPacket {
  /** What the payload is: 0 … 127. */
  readonly payloadType: number;
  /** For video: this is a frame's last packet. */
  readonly marker: boolean;
  /** The packet's place in its stream. */
  readonly sequenceNumber: SequenceNumber;
  /** When the payload was sampled, in ticks of the payload format's clock. */
  readonly timestamp: RtpTimestamp;
  /** The stream: unsigned 32 bits. */
  readonly ssrc: number;
  /** The streams that a mixer made this one of, at most 15. */
  readonly csrcs?: readonly number[];
  /** The elements of the header extension (RFC 8285), in order. */
  readonly extensions: readonly HeaderExtension[];
  /** The payload without padding. A view of the datagram when parsed. */
  readonly payload: Uint8Array;
  /** Padding after the payload, its own count included: 1 … 255 bytes. Absent: none. */
  readonly paddingSize?: number;
}

/** Of an RTP packet without CSRCs, header extensions and payload. */
export const RTP_HEADER_SIZE = 12;

const VERSION = 2;
const PADDING_BIT = 0x20;
const EXTENSION_BIT = 0x10;
const MARKER_BIT = 0x80;
const MAX_CSRCS = 15;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Whether a datagram of a port that carries both is RTCP rather than RTP (RFC 5761 §4: packet types 192 … 223). */
export function isRtcp(data: Uint8Array): boolean {
  return data.length >= 4 && data[0]! >> 6 === VERSION && data[1]! >= 192 && data[1]! <= 223;
}

/** Whether a datagram looks like RTP: long enough, of version 2, and not RTCP. */
export function isRtp(data: Uint8Array): boolean {
  return data.length >= RTP_HEADER_SIZE && data[0]! >> 6 === VERSION && !isRtcp(data);
}

/**
 * Reads an RTP packet (RFC 3550 §5.1). Payload and extensions are views of `data`.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                           timestamp                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                             SSRC                              |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                      CSRC list (CC words)                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     profile (if X)            |      length in words          |
 * |                      header extension ...                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         payload ...           | padding (if P)|
 * ```
 *
 * @returns undefined if `data` is not a well-formed RTP packet
 */
export function parseRtpPacket(data: Uint8Array): RtpPacket | undefined {
  if (data.length < RTP_HEADER_SIZE) return undefined;
  const first = data[0]!;
  if (first >> 6 !== VERSION) return undefined;

  const csrcCount = first & 0x0f;
  let offset = RTP_HEADER_SIZE + 4 * csrcCount;
  let extensions = NO_EXTENSIONS;
  if ((first & EXTENSION_BIT) !== 0) {
    if (offset + 4 > data.length) return undefined;
    const end = offset + 4 + 4 * readUint16(data, offset + 2);
    if (end > data.length) return undefined;
    extensions = parseHeaderExtensions(data, offset, end);
    offset = end;
  }

  let end = data.length;
  let paddingSize = 0;
  if ((first & PADDING_BIT) !== 0) {
    paddingSize = data[data.length - 1]!;
    if (paddingSize === 0) return undefined;
    end -= paddingSize;
  }
  if (offset > end) return undefined;

  const second = data[1]!;
  const packet: Mutable<RtpPacket> = {
    payloadType: second & 0x7f,
    marker: (second & MARKER_BIT) !== 0,
    sequenceNumber: readUint16(data, 2) as SequenceNumber,
    timestamp: readUint32(data, 4) as RtpTimestamp,
    ssrc: readUint32(data, 8),
    extensions,
    payload: view(data, offset, end - offset),
  };
  if (csrcCount > 0) packet.csrcs = parseCsrcs(data, csrcCount);
  if (paddingSize > 0) packet.paddingSize = paddingSize;
  return packet;
}

function parseCsrcs(data: Uint8Array, count: number): number[] {
  const csrcs: number[] = [];
  for (let i = 0; i < count; i++) csrcs.push(readUint32(data, RTP_HEADER_SIZE + 4 * i));
  return csrcs;
}

/**
 * The packet as a datagram of its own memory (RFC 3550 §5.1; layout at {@link parseRtpPacket}).
 *
 * @throws SightlineError `invalid-argument`: more than 15 CSRCs, padding over 255 bytes, or an extension that does not fit.
 */
export function serializeRtpPacket(packet: RtpPacket): Uint8Array {
  const { csrcs, extensions, payload, paddingSize = 0 } = packet;
  const csrcCount = csrcs === undefined ? 0 : csrcs.length;
  if (csrcCount > MAX_CSRCS)
    throw new SightlineError("invalid-argument", `An RTP packet has room for 15 CSRCs, not ${csrcCount}.`);
  if (paddingSize > 255)
    throw new SightlineError("invalid-argument", `RTP padding is at most 255 bytes, not ${paddingSize}.`);

  const extensionsOffset = RTP_HEADER_SIZE + 4 * csrcCount;
  const extensionsSize = headerExtensionsSize(extensions);
  const payloadOffset = extensionsOffset + extensionsSize;
  const data = new Uint8Array(payloadOffset + payload.length + paddingSize);

  data[0] = (VERSION << 6) | (paddingSize > 0 ? PADDING_BIT : 0) | (extensionsSize > 0 ? EXTENSION_BIT : 0) | csrcCount;
  data[1] = (packet.marker ? MARKER_BIT : 0) | (packet.payloadType & 0x7f);
  writeUint16(data, 2, packet.sequenceNumber);
  writeUint32(data, 4, packet.timestamp);
  writeUint32(data, 8, packet.ssrc);
  for (let i = 0; i < csrcCount; i++) writeUint32(data, RTP_HEADER_SIZE + 4 * i, csrcs![i]!);
  if (extensionsSize > 0) writeHeaderExtensions(data, extensionsOffset, extensionsSize, extensions);
  data.set(payload, payloadOffset);
  if (paddingSize > 0) data[data.length - 1] = paddingSize;
  return data;
}
