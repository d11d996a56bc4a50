/** Which packet of a stream is meant: what makes its nonce unlike any other (RFC 3711 §3.3.1). */
export interface RtpPacketIndex {
  readonly ssrc: number;
  /** How often the sequence number has wrapped: the rollover counter, ROC. */
  readonly rollover: number;
  readonly sequence: number;
}

/** An SRTCP packet that is authentic. */
export interface OpenedRtcp {
  readonly packet: Uint8Array;
  /** Its SRTCP index: 31 bits. */
  readonly index: number;
}

/** What a suite does to single packets: no state but keys. Packets that are too short are the caller's to refuse. */
export interface SrtpTransform {
  /** The bytes that protecting an RTP packet adds. */
  readonly rtpOverhead: number;
  /** The bytes that protecting an RTCP packet adds. */
  readonly rtcpOverhead: number;
  /** @param headerSize - the bytes at the start that stay readable */
  protectRtp(packet: Uint8Array, headerSize: number, index: RtpPacketIndex): Uint8Array;
  /** Undefined if it is not authentic at this index. */
  unprotectRtp(packet: Uint8Array, headerSize: number, index: RtpPacketIndex): Uint8Array | undefined;
  /** @param index - 31 bits */
  protectRtcp(packet: Uint8Array, index: number): Uint8Array;
  /** Undefined if it is not authentic, or not encrypted. */
  unprotectRtcp(packet: Uint8Array): OpenedRtcp | undefined;
}

/** Of an RTCP packet, this much stays readable: the first header and SSRC (RFC 3711 §3.4). */
export const RTCP_CLEAR_BYTES = 8;
/** The SRTCP index follows what is encrypted; its first bit, E, says that this is encrypted. */
export const SRTCP_INDEX_BYTES = 4;
/** The E flag. */
export const ENCRYPTED_FLAG = 0x8000_0000;
