import { createCipheriv, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import type { SessionKeys } from "./key-derivation.js";
import type { CipherSuite, PacketCipher, PacketContext } from "./packet-cipher.js";

const CIPHER = "aes-128-ctr";
const DIGEST = "sha1";
/** 80 of HMAC-SHA1's 160 bits (RFC 3711 §5.2). */
const TAG_BYTES = 10;
const COUNTER_BYTES = 16;
const ROLLOVER_BYTES = 4;
const SEQUENCE_RANGE = 0x1_0000;

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
export const aesCm: CipherSuite = {
  tagBytes: TAG_BYTES,
  isTagLast: true,
  createCipher: (keys) => new AesCmCipher(keys),
};

class AesCmCipher implements PacketCipher {
  private readonly encryption: KeyObject;
  private readonly authentication: KeyObject;
  private readonly salt: Buffer;
  private readonly counter = Buffer.alloc(COUNTER_BYTES);
  private readonly rollover = Buffer.alloc(ROLLOVER_BYTES);

  constructor({ encryption, authentication, salt }: SessionKeys) {
    this.encryption = createSecretKey(encryption);
    this.authentication = createSecretKey(authentication);
    this.salt = salt;
  }

  seal(packet: Uint8Array, context: PacketContext, sealed: Buffer): Uint8Array {
    this.crypt(packet, context, sealed);
    return this.tagOf(sealed.subarray(0, packet.length), context);
  }

  open(packet: Uint8Array, context: PacketContext, tag: Uint8Array): Uint8Array | undefined {
    if (!timingSafeEqual(this.tagOf(packet, context), tag)) return undefined;
    const opened = Buffer.allocUnsafe(packet.length);
    this.crypt(packet, context, opened);
    return opened;
  }

  /** Counter mode is its own inverse. */
  private crypt(packet: Uint8Array, context: PacketContext, to: Buffer): void {
    const { clearBytes } = context;
    to.set(packet.subarray(0, clearBytes));
    const cipher = createCipheriv(CIPHER, this.encryption, this.counterOf(context));
    to.set(cipher.update(packet.subarray(clearBytes)), clearBytes);
  }

  /** RFC 3711 §4.1.1: `salt · 2^16 XOR SSRC · 2^64 XOR index · 2^16`. */
  private counterOf({ ssrc, index }: PacketContext): Buffer {
    const { counter, salt } = this;
    counter.fill(0);
    counter.writeUInt32BE(ssrc, 4);
    counter.writeUIntBE(index, 8, 6);
    for (let i = 0; i < salt.length; i++) counter[i]! ^= salt[i]!;
    return counter;
  }

  /** RFC 3711 §4.2. */
  private tagOf(authenticated: Uint8Array, { index, indexWord }: PacketContext): Buffer {
    this.rollover.writeUInt32BE(Math.floor(index / SEQUENCE_RANGE));
    const hmac = createHmac(DIGEST, this.authentication).update(authenticated);
    return hmac
      .update(indexWord ?? this.rollover)
      .digest()
      .subarray(0, TAG_BYTES);
  }
}
