import type { UnknownRtcp } from "../rtcp/index.js";
import { readUint16, readUint32, writeUint16, writeUint32 } from "../rtp/byte-order.js";
import { type SequenceNumber, sequenceNumber } from "../rtp/index.js";

/** The packet type of application-defined RTCP packets: APP (RFC 3550 §6.7). */
const APPLICATION_DEFINED = 204;
/** "SLhs", Sightline highest sent, in ASCII. */
const NAME = 0x534c_6873;
const SUBTYPE = 0;
const BODY_SIZE = 12;

/**
 * A sender tells how far it has sent, so that a receiver finds out at once when the last packets of a frame are lost: no
 * later packet shows the gap before the next frame does, and at the end of all motion none ever does. Peers that do not
 * know it ignore it (RFC 3550 §6.7).
 */
export interface HighestSent {
  /** The media stream. */
  readonly ssrc: number;
  /** Of its newest packet. */
  readonly sequenceNumber: SequenceNumber;
}

/**
 * The announcement as an APP packet (RFC 3550 §6.7).
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|subtype=0|   PT=APP=204  |          length = 3           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     SSRC of the media                         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         name = "SLhs"                         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           reserved            |    highest sequence number    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function toApplicationPacket({ ssrc, sequenceNumber: highest }: HighestSent): UnknownRtcp {
  const body = new Uint8Array(BODY_SIZE);
  writeUint32(body, 0, ssrc);
  writeUint32(body, 4, NAME);
  writeUint16(body, 10, highest);
  return { kind: "unknown", packetType: APPLICATION_DEFINED, count: SUBTYPE, body };
}

/** Reads {@link toApplicationPacket}; undefined if `packet` is something else. */
export function fromApplicationPacket({ packetType, count, body }: UnknownRtcp): HighestSent | undefined {
  if (packetType !== APPLICATION_DEFINED || count !== SUBTYPE || body.length !== BODY_SIZE) return undefined;
  if (readUint32(body, 4) !== NAME) return undefined;
  return { ssrc: readUint32(body, 0), sequenceNumber: sequenceNumber(readUint16(body, 10)) };
}
