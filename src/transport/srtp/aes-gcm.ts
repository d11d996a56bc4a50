import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";
import type { SessionKeys, TransformKeys } from "./key-derivation.js";
import {
  ENCRYPTED_FLAG,
  type OpenedRtcp,
  RTCP_CLEAR_BYTES,
  type RtpPacketIndex,
  SRTCP_INDEX_BYTES,
  type SrtpTransform,
} from "./transform.js";

const CIPHER = "aes-128-gcm";
/** RFC 7714 §12: the suites with shorter tags were removed. */
const TAG_BYTES = 16;
const NONCE_BYTES = 12;

interface Keys {
  readonly key: KeyObject;
  readonly salt: Buffer;
}

/**
 * AEAD_AES_128_GCM (RFC 7714).
 *
 * ```text
 * | RTP header, extension | encrypted payload  | tag (16) | MKI |                   SRTP  (§8)
 * |      authenticated    |
 *
 * | RTCP header, SSRC (8) | encrypted rest     | tag (16) | E, index (4) | MKI |    SRTCP (§9)
 * |      authenticated    |                               |authenticated |
 * ```
 */
export class AesGcmTransform implements SrtpTransform {
  readonly rtpOverhead: number;
  readonly rtcpOverhead: number;
  private readonly rtp: Keys;
  private readonly rtcp: Keys;
  private readonly mki: Uint8Array;
  private readonly nonce = Buffer.alloc(NONCE_BYTES);

  constructor({ rtp, rtcp, mki }: TransformKeys) {
    this.rtp = keysOf(rtp);
    this.rtcp = keysOf(rtcp);
    this.mki = mki;
    this.rtpOverhead = TAG_BYTES + this.mki.length;
    this.rtcpOverhead = this.rtpOverhead + SRTCP_INDEX_BYTES;
  }

  /** {@inheritDoc SrtpTransform.protectRtp} */
  protectRtp(packet: Uint8Array, headerSize: number, index: RtpPacketIndex): Uint8Array {
    const header = packet.subarray(0, headerSize);
    const cipher = createCipheriv(CIPHER, this.rtp.key, this.rtpNonce(index));
    cipher.setAAD(header);
    const sealed = Buffer.allocUnsafe(packet.length + this.rtpOverhead);
    sealed.set(header);
    sealed.set(cipher.update(packet.subarray(headerSize)), headerSize);
    cipher.final();
    sealed.set(cipher.getAuthTag(), packet.length);
    sealed.set(this.mki, packet.length + TAG_BYTES);
    return sealed;
  }

  /** {@inheritDoc SrtpTransform.unprotectRtp} */
  unprotectRtp(packet: Uint8Array, headerSize: number, index: RtpPacketIndex): Uint8Array | undefined {
    const size = packet.length - this.rtpOverhead;
    const header = packet.subarray(0, headerSize);
    const decipher = createDecipheriv(CIPHER, this.rtp.key, this.rtpNonce(index));
    decipher.setAAD(header);
    decipher.setAuthTag(packet.subarray(size, size + TAG_BYTES));
    return open(decipher, header, packet.subarray(headerSize, size));
  }

  /** {@inheritDoc SrtpTransform.protectRtcp} */
  protectRtcp(packet: Uint8Array, index: number): Uint8Array {
    const sealed = Buffer.allocUnsafe(packet.length + this.rtcpOverhead);
    const header = packet.subarray(0, RTCP_CLEAR_BYTES);
    const indexAt = packet.length + TAG_BYTES;
    sealed.set(header);
    sealed.writeUInt32BE((index | ENCRYPTED_FLAG) >>> 0, indexAt);
    sealed.set(this.mki, indexAt + SRTCP_INDEX_BYTES);
    const cipher = createCipheriv(CIPHER, this.rtcp.key, this.rtcpNonce(packet, index));
    cipher.setAAD(rtcpAssociatedData(sealed, indexAt));
    sealed.set(cipher.update(packet.subarray(RTCP_CLEAR_BYTES)), RTCP_CLEAR_BYTES);
    cipher.final();
    sealed.set(cipher.getAuthTag(), packet.length);
    return sealed;
  }

  /** {@inheritDoc SrtpTransform.unprotectRtcp} */
  unprotectRtcp(packet: Uint8Array): OpenedRtcp | undefined {
    const size = packet.length - this.rtcpOverhead;
    const indexAt = size + TAG_BYTES;
    const word = Buffer.from(packet.buffer, packet.byteOffset + indexAt, SRTCP_INDEX_BYTES).readUInt32BE();
    if (word < ENCRYPTED_FLAG) return undefined;
    const index = word - ENCRYPTED_FLAG;
    const decipher = createDecipheriv(CIPHER, this.rtcp.key, this.rtcpNonce(packet, index));
    decipher.setAAD(rtcpAssociatedData(packet, indexAt));
    decipher.setAuthTag(packet.subarray(size, indexAt));
    const opened = open(decipher, packet.subarray(0, RTCP_CLEAR_BYTES), packet.subarray(RTCP_CLEAR_BYTES, size));
    return opened && { packet: opened, index };
  }

  /** RFC 7714 §8.1: `(0000 || SSRC || ROC || SEQ) XOR salt`. */
  private rtpNonce({ ssrc, rollover, sequence }: RtpPacketIndex): Buffer {
    const { nonce } = this;
    nonce.writeUInt16BE(0, 0);
    nonce.writeUInt32BE(ssrc, 2);
    nonce.writeUInt32BE(rollover, 6);
    nonce.writeUInt16BE(sequence, 10);
    return salted(nonce, this.rtp.salt);
  }

  /** RFC 7714 §9.1: `(0000 || SSRC || 0000 || 0, index) XOR salt`. */
  private rtcpNonce(packet: Uint8Array, index: number): Buffer {
    const { nonce } = this;
    nonce.fill(0, 0, 8);
    nonce.set(packet.subarray(4, 8), 2);
    nonce.writeUInt32BE(index, 8);
    return salted(nonce, this.rtcp.salt);
  }
}

function keysOf({ encryption, salt }: SessionKeys): Keys {
  return { key: createSecretKey(encryption), salt };
}

function salted(nonce: Buffer, salt: Buffer): Buffer {
  for (let i = 0; i < NONCE_BYTES; i++) nonce[i]! ^= salt[i]!;
  return nonce;
}

/** RFC 7714 §9.2: what stays readable, and the word with the index. */
function rtcpAssociatedData(packet: Uint8Array, indexAt: number): Buffer {
  return Buffer.concat([packet.subarray(0, RTCP_CLEAR_BYTES), packet.subarray(indexAt, indexAt + SRTCP_INDEX_BYTES)]);
}

function open(
  decipher: ReturnType<typeof createDecipheriv>,
  header: Uint8Array,
  encrypted: Uint8Array,
): Uint8Array | undefined {
  const opened = Buffer.allocUnsafe(header.length + encrypted.length);
  opened.set(header);
  opened.set(decipher.update(encrypted), header.length);
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return opened;
}
