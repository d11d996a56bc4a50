import { readUint32, view, writeUint32 } from "../rtp/byte-order.js";
import { createRtcpPacket, PacketType, RTCP_HEADER_SIZE } from "./header.js";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";

/** Sources leave: BYE (RFC 3550 §6.6). */
export interface Goodbye {
  readonly kind: "goodbye";
  /** Who leaves, at most 31. */
  readonly ssrcs: readonly number[];
  /** Why, for people to read: at most 255 bytes of UTF-8; what is longer is cut. */
  readonly reason?: string;
}

const MAX_REASON_SIZE = 255;

/**
 * Reads the body of a BYE packet with `count` sources.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                      SSRC (count times) ...                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     length    |    reason for leaving, zero-padded ...           (optional)
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function parseGoodbye(body: Uint8Array, count: number): Goodbye | undefined {
  const reasonOffset = 4 * count;
  if (reasonOffset > body.length) return undefined;
  const ssrcs: number[] = [];
  for (let at = 0; at < reasonOffset; at += 4) ssrcs.push(readUint32(body, at));
  if (reasonOffset === body.length) return { kind: "goodbye", ssrcs };

  const length = body[reasonOffset]!;
  if (reasonOffset + 1 + length > body.length) return undefined;
  return { kind: "goodbye", ssrcs, reason: decodeUtf8(view(body, reasonOffset + 1, length)) };
}

/**
 * The whole BYE packet; layout at {@link parseGoodbye}.
 *
 * @throws SightlineError `invalid-argument`: more than 31 sources.
 */
export function serializeGoodbye({ ssrcs, reason }: Goodbye): Uint8Array {
  const text = reason === undefined ? undefined : encodeUtf8(reason, MAX_REASON_SIZE);
  const reasonSize = text === undefined ? 0 : (1 + text.length + 3) & ~3;
  const packet = createRtcpPacket({
    packetType: PacketType.goodbye,
    count: ssrcs.length,
    bodySize: 4 * ssrcs.length + reasonSize,
  });
  let at = RTCP_HEADER_SIZE;
  for (const ssrc of ssrcs) {
    writeUint32(packet, at, ssrc);
    at += 4;
  }
  if (text !== undefined) {
    packet[at] = text.length;
    packet.set(text, at + 1);
  }
  return packet;
}
