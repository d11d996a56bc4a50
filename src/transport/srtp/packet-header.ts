/** Of an RTP packet without contributing sources and extension (RFC 3550 §5.1). */
const RTP_FIXED_BYTES = 12;

/** The integer at `offset`, big-endian; the caller has checked the length. */
export function readUint32(packet: Uint8Array, offset: number): number {
  return new DataView(packet.buffer, packet.byteOffset, packet.byteLength).getUint32(offset);
}

/** An RTP packet's sequence number. */
export function sequenceOf(packet: Uint8Array): number {
  return (packet[2]! << 8) | packet[3]!;
}

/**
 * How long the part of an RTP packet is that SRTP leaves readable: the header with its contributing sources and extension
 * (RFC 3711 §3.1).
 *
 * @param end - where the payload ends at the latest
 * @returns undefined if it is no RTP packet, or the header does not end before `end`
 */
export function rtpHeaderSize(packet: Uint8Array, end: number): number | undefined {
  if (end < RTP_FIXED_BYTES || packet[0]! >> 6 !== 2) return undefined;
  const hasExtension = (packet[0]! & 0x10) !== 0;
  let size = RTP_FIXED_BYTES + 4 * (packet[0]! & 0x0f);
  if (hasExtension) {
    if (size + 4 > end) return undefined;
    size += 4 + 4 * ((packet[size + 2]! << 8) | packet[size + 3]!);
  }
  return size <= end ? size : undefined;
}
