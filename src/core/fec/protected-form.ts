import { readUint16, readUint32, writeUint16, writeUint32 } from "../rtp/byte-order.js";
import {
  parseRtpPacket,
  RTP_HEADER_SIZE,
  type RtpPacket,
  type SequenceNumber,
  serializeRtpPacket,
} from "../rtp/index.js";

/** Of the protected form, before what follows a packet's fixed header. */
export const PROTECTED_HEADER_SIZE = 8;

/**
 * The bytes of a packet that parity is made of: the "FEC bit string" of FlexFEC
 * (draft-ietf-payload-flexible-fec-scheme-03 §6.2), with which all of the packet can be rebuilt but its sequence number and
 * SSRC, which are known otherwise. Shorter ones count as filled up with zeros.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0 0|P|X|  CC   |M|     PT      |   bytes after the header, n   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                           timestamp                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  n bytes: CSRCs, header extension, payload, padding ...       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function toProtectedForm(packet: RtpPacket): Uint8Array {
  const datagram = serializeRtpPacket(packet);
  // The header's last 8 bytes give way to the length and the timestamp.
  const form = datagram.subarray(RTP_HEADER_SIZE - PROTECTED_HEADER_SIZE);
  form[0] = datagram[0]! & 0x3f;
  form[1] = datagram[1]!;
  writeUint16(form, 2, datagram.length - RTP_HEADER_SIZE);
  writeUint32(form, 4, packet.timestamp);
  return form;
}

/**
 * The packet with this protected form.
 *
 * @returns undefined if there is none: the length exceeds the bytes, what follows is not zero, or RTP would not parse it
 */
export function fromProtectedForm(
  form: Uint8Array,
  { ssrc, sequenceNumber }: { readonly ssrc: number; readonly sequenceNumber: SequenceNumber },
): RtpPacket | undefined {
  if (form.length < PROTECTED_HEADER_SIZE) return undefined;
  const length = readUint16(form, 2);
  const end = PROTECTED_HEADER_SIZE + length;
  if (end > form.length || (form[0]! & 0xc0) !== 0) return undefined;
  for (let i = end; i < form.length; i++) {
    if (form[i] !== 0) return undefined;
  }
  const datagram = new Uint8Array(RTP_HEADER_SIZE + length);
  datagram.set(form.subarray(PROTECTED_HEADER_SIZE, end), RTP_HEADER_SIZE);
  datagram[0] = 0x80 | form[0]!;
  datagram[1] = form[1]!;
  writeUint16(datagram, 2, sequenceNumber);
  writeUint32(datagram, 4, readUint32(form, 4));
  writeUint32(datagram, 8, ssrc);
  return parseRtpPacket(datagram);
}
