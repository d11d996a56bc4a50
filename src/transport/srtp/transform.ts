import type { TransformKeys } from "./key-derivation.js";
import type { CipherSuite, PacketCipher } from "./packet-cipher.js";
import { readUint32 } from "./packet-header.js";

/** Of an RTCP packet, this much stays readable: the first header and SSRC (RFC 3711 §3.4). */
export const RTCP_CLEAR_BYTES = 8;
/** The SRTCP index follows what is encrypted; its first bit, E, says that this is encrypted. */
const INDEX_WORD_BYTES = 4;
/** The flag E. */
export const ENCRYPTED_FLAG = 0x8000_0000;
/** Where RTP and RTCP packets have the SSRC of who sends them. */
const RTP_SSRC_OFFSET = 8;
const RTCP_SSRC_OFFSET = 4;

/** An SRTCP packet that is authentic. */
export interface OpenedRtcp {
  readonly packet: Uint8Array;
  /** Its SRTCP index: 31 bits. */
  readonly index: number;
}

/**
 * Puts single packets into SRTP's form and takes them out of it: where tag, index and master key identifier stand. What it
 * does to their bytes is the suite's. Packets that are too short are the caller's to refuse.
 */
export class SrtpTransform {
  /** The bytes that protecting an RTP packet adds. */
  readonly rtpOverhead: number;
  /** The bytes that protecting an RTCP packet adds. */
  readonly rtcpOverhead: number;
  private readonly suite: CipherSuite;
  private readonly rtp: PacketCipher;
  private readonly rtcp: PacketCipher;
  private readonly mki: Uint8Array;

  constructor(suite: CipherSuite, { rtp, rtcp, mki }: TransformKeys) {
    this.suite = suite;
    this.rtp = suite.createCipher(rtp);
    this.rtcp = suite.createCipher(rtcp);
    this.mki = mki;
    this.rtpOverhead = suite.tagBytes + mki.length;
    this.rtcpOverhead = this.rtpOverhead + INDEX_WORD_BYTES;
  }

  /**
   * The packet in the form of SRTP.
   *
   * @param clearBytes - the bytes at the start that stay readable
   * @param index - of 48 bits: the sequence number and how often it has wrapped
   */
  protectRtp(packet: Uint8Array, clearBytes: number, index: number): Uint8Array {
    const sealed = Buffer.allocUnsafe(packet.length + this.rtpOverhead);
    const context = { ssrc: readUint32(packet, RTP_SSRC_OFFSET), index, clearBytes };
    const { tagAt, mkiAt } = this.layout(packet.length, 0);
    sealed.set(this.rtp.seal(packet, context, sealed), tagAt);
    sealed.set(this.mki, mkiAt);
    return sealed;
  }

  /** Undefined if it is not authentic at this index; see {@link protectRtp}. */
  unprotectRtp(packet: Uint8Array, clearBytes: number, index: number): Uint8Array | undefined {
    const size = packet.length - this.rtpOverhead;
    const context = { ssrc: readUint32(packet, RTP_SSRC_OFFSET), index, clearBytes };
    return this.rtp.open(packet.subarray(0, size), context, this.tagIn(packet, this.layout(size, 0).tagAt));
  }

  /**
   * The packet in the form of SRTCP.
   *
   * @param index - 31 bits
   */
  protectRtcp(packet: Uint8Array, index: number): Uint8Array {
    const sealed = Buffer.allocUnsafe(packet.length + this.rtcpOverhead);
    const { tagAt, wordAt, mkiAt } = this.layout(packet.length, INDEX_WORD_BYTES);
    sealed.writeUInt32BE((index | ENCRYPTED_FLAG) >>> 0, wordAt);
    const indexWord = sealed.subarray(wordAt, mkiAt);
    const ssrc = readUint32(packet, RTCP_SSRC_OFFSET);
    sealed.set(this.rtcp.seal(packet, { ssrc, index, clearBytes: RTCP_CLEAR_BYTES, indexWord }, sealed), tagAt);
    sealed.set(this.mki, mkiAt);
    return sealed;
  }

  /** Undefined if it is not authentic, or not encrypted. */
  unprotectRtcp(packet: Uint8Array): OpenedRtcp | undefined {
    const size = packet.length - this.rtcpOverhead;
    const { tagAt, wordAt, mkiAt } = this.layout(size, INDEX_WORD_BYTES);
    const word = readUint32(packet, wordAt);
    if (word < ENCRYPTED_FLAG) return undefined;
    const index = word - ENCRYPTED_FLAG;
    const ssrc = readUint32(packet, RTCP_SSRC_OFFSET);
    const context = { ssrc, index, clearBytes: RTCP_CLEAR_BYTES, indexWord: packet.subarray(wordAt, mkiAt) };
    const opened = this.rtcp.open(packet.subarray(0, size), context, this.tagIn(packet, tagAt));
    return opened && { packet: opened, index };
  }

  /** Where the pieces stand that follow `size` encrypted bytes. */
  private layout(size: number, wordBytes: number) {
    const { tagBytes, isTagLast } = this.suite;
    const wordAt = isTagLast ? size : size + tagBytes;
    const mkiAt = wordAt + wordBytes;
    return { tagAt: isTagLast ? mkiAt + this.mki.length : size, wordAt, mkiAt };
  }

  private tagIn(packet: Uint8Array, at: number): Uint8Array {
    return packet.subarray(at, at + this.suite.tagBytes);
  }
}
