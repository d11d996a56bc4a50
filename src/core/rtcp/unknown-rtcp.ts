import { SightlineError } from "../errors.js";
import { createRtcpPacket, RTCP_HEADER_SIZE } from "./header.js";

/** An RTCP packet of a type, or feedback of a format, that is not read further: kept as it was. */
export interface UnknownRtcp {
  readonly kind: "unknown";
  readonly packetType: number;
  /** The number of parts, or the feedback message type: 0 … 31. */
  readonly count: number;
  /** What follows the header, without padding; a view of the datagram when parsed. */
  readonly body: Uint8Array;
}

/**
 * The whole packet.
 *
 * @throws SightlineError `invalid-argument`: the body is not in whole words.
 */
export function serializeUnknownRtcp({ packetType, count, body }: UnknownRtcp): Uint8Array {
  if (body.length % 4 !== 0) {
    throw new SightlineError("invalid-argument", `An RTCP packet has whole words, not ${body.length} bytes.`);
  }
  const packet = createRtcpPacket({ packetType, count, bodySize: body.length });
  packet.set(body, RTCP_HEADER_SIZE);
  return packet;
}
