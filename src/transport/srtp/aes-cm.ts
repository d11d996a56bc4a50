import { createCipheriv, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import type { SessionKeys, TransformKeys } from "./key-derivation.js";
import {
  ENCRYPTED_FLAG,
  type OpenedRtcp,
  RTCP_CLEAR_BYTES,
  type RtpPacketIndex,
  SRTCP_INDEX_BYTES,
  type SrtpTransform,
} from "./transform.js";

const CIPHER = "aes-128-ctr";
const DIGEST = "sha1";
/** 80 of HMAC-SHA1's 160 bits (RFC 3711 §5.2). */
const TAG_BYTES = 10;
const COUNTER_BYTES = 16;

interface Keys {
  readonly encryption: KeyObject;
  readonly authentication: KeyObject;
  readonly salt: Buffer;
}

/**
 * AES_CM_128_HMAC_SHA1_80 (RFC 3711): what is mandatory for everyone who speaks SRTP.
 *
 * ```text
 * | RTP header, extension | encrypted payload  | MKI | tag (10) |                   SRTP  (§3.1)
 * |                authenticated, then the ROC |
 *
 * | RTCP header, SSRC (8) | encrypted rest     | E, index (4) | MKI | tag (10) |    SRTCP (§3.4)
 * |                        authenticated                      |
 * ```
 */
export class AesCmTransform implements SrtpTransform {
  readonly rtpOverhead: number;
  readonly rtcpOverhead: number;
  private readonly rtp: Keys;
  private readonly rtcp: Keys;
  private readonly mki: Uint8Array;
  private readonly counter = Buffer.alloc(COUNTER_BYTES);
  private readonly rollover = Buffer.alloc(4);

  constructor({ rtp, rtcp, mki }: TransformKeys) {
    this.rtp = keysOf(rtp);
    this.rtcp = keysOf(rtcp);
    this.mki = mki;
    this.rtpOverhead = this.mki.length + TAG_BYTES;
    this.rtcpOverhead = SRTCP_INDEX_BYTES + this.rtpOverhead;
  }

  /** {@inheritDoc SrtpTransform.protectRtp} */
  protectRtp(packet: Uint8Array, headerSize: number, index: RtpPacketIndex): Uint8Array {
    const sealed = Buffer.allocUnsafe(packet.length + this.rtpOverhead);
    sealed.set(packet.subarray(0, headerSize));
    const counter = this.counterOf(this.rtp.salt, index.ssrc, packetIndex(index));
    sealed.set(createCipheriv(CIPHER, this.rtp.encryption, counter).update(packet.subarray(headerSize)), headerSize);
    sealed.set(this.mki, packet.length);
    sealed.set(this.rtpTag(sealed.subarray(0, packet.length), index), packet.length + this.mki.length);
    return sealed;
  }

  /** {@inheritDoc SrtpTransform.unprotectRtp} */
  unprotectRtp(packet: Uint8Array, headerSize: number, index: RtpPacketIndex): Uint8Array | undefined {
    const size = packet.length - this.rtpOverhead;
    const tag = this.rtpTag(packet.subarray(0, size), index);
    if (!timingSafeEqual(tag, packet.subarray(size + this.mki.length))) return undefined;
    const opened = Buffer.allocUnsafe(size);
    opened.set(packet.subarray(0, headerSize));
    const counter = this.counterOf(this.rtp.salt, index.ssrc, packetIndex(index));
    opened.set(
      createCipheriv(CIPHER, this.rtp.encryption, counter).update(packet.subarray(headerSize, size)),
      headerSize,
    );
    return opened;
  }

  /** {@inheritDoc SrtpTransform.protectRtcp} */
  protectRtcp(packet: Uint8Array, index: number): Uint8Array {
    const sealed = Buffer.allocUnsafe(packet.length + this.rtcpOverhead);
    sealed.set(this.cryptRtcp(packet, index));
    sealed.writeUInt32BE((index | ENCRYPTED_FLAG) >>> 0, packet.length);
    const authenticated = packet.length + SRTCP_INDEX_BYTES;
    sealed.set(this.mki, authenticated);
    sealed.set(tagOf(this.rtcp, sealed.subarray(0, authenticated)), authenticated + this.mki.length);
    return sealed;
  }

  /** {@inheritDoc SrtpTransform.unprotectRtcp} */
  unprotectRtcp(packet: Uint8Array): OpenedRtcp | undefined {
    const size = packet.length - this.rtcpOverhead;
    const authenticated = size + SRTCP_INDEX_BYTES;
    const tag = tagOf(this.rtcp, packet.subarray(0, authenticated));
    if (!timingSafeEqual(tag, packet.subarray(authenticated + this.mki.length))) return undefined;
    const word = Buffer.from(packet.buffer, packet.byteOffset + size, SRTCP_INDEX_BYTES).readUInt32BE();
    if (word < ENCRYPTED_FLAG) return undefined;
    const index = word - ENCRYPTED_FLAG;
    return { packet: this.cryptRtcp(packet.subarray(0, size), index), index };
  }

  /** Counter mode is its own inverse. */
  private cryptRtcp(packet: Uint8Array, index: number): Buffer {
    const ssrc = Buffer.from(packet.buffer, packet.byteOffset + 4, 4).readUInt32BE();
    const counter = this.counterOf(this.rtcp.salt, ssrc, index);
    const crypted = createCipheriv(CIPHER, this.rtcp.encryption, counter).update(packet.subarray(RTCP_CLEAR_BYTES));
    return Buffer.concat([packet.subarray(0, RTCP_CLEAR_BYTES), crypted]);
  }

  /** RFC 3711 §4.1.1: `salt · 2^16 XOR SSRC · 2^64 XOR index · 2^16`. */
  private counterOf(salt: Buffer, ssrc: number, index: number): Buffer {
    const { counter } = this;
    counter.fill(0);
    counter.writeUInt32BE(ssrc, 4);
    counter.writeUIntBE(index, 8, 6);
    for (let i = 0; i < salt.length; i++) counter[i]! ^= salt[i]!;
    return counter;
  }

  private rtpTag(authenticated: Uint8Array, { rollover }: RtpPacketIndex): Buffer {
    this.rollover.writeUInt32BE(rollover);
    return tagOf(this.rtp, authenticated, this.rollover);
  }
}

/** The 48-bit index of RFC 3711 §3.3.1. */
function packetIndex({ rollover, sequence }: RtpPacketIndex): number {
  return rollover * 0x1_0000 + sequence;
}

function keysOf({ encryption, authentication, salt }: SessionKeys): Keys {
  return { encryption: createSecretKey(encryption), authentication: createSecretKey(authentication), salt };
}

function tagOf({ authentication }: Keys, ...parts: readonly Uint8Array[]): Buffer {
  const hmac = createHmac(DIGEST, authentication);
  for (const part of parts) hmac.update(part);
  return hmac.digest().subarray(0, TAG_BYTES);
}
