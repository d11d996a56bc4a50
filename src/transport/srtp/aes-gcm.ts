import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";
import type { SessionKeys } from "./key-derivation.js";
import type { CipherSuite, PacketCipher, PacketContext } from "./packet-cipher.js";

const CIPHER = "aes-128-gcm";
/** RFC 7714 §12: the suites with shorter tags were removed. */
const TAG_BYTES = 16;
const NONCE_BYTES = 12;

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
export const aesGcm: CipherSuite = {
  tagBytes: TAG_BYTES,
  isTagLast: false,
  createCipher: (keys) => new AesGcmCipher(keys),
};

class AesGcmCipher implements PacketCipher {
  private readonly key: KeyObject;
  private readonly salt: Buffer;
  private readonly nonce = Buffer.alloc(NONCE_BYTES);

  constructor({ encryption, salt }: SessionKeys) {
    this.key = createSecretKey(encryption);
    this.salt = salt;
  }

  seal(packet: Uint8Array, context: PacketContext, sealed: Buffer): Uint8Array {
    const { clearBytes } = context;
    const cipher = createCipheriv(CIPHER, this.key, this.nonceOf(context));
    cipher.setAAD(associatedData(packet, context));
    sealed.set(packet.subarray(0, clearBytes));
    sealed.set(cipher.update(packet.subarray(clearBytes)), clearBytes);
    cipher.final();
    return cipher.getAuthTag();
  }

  open(packet: Uint8Array, context: PacketContext, tag: Uint8Array): Uint8Array | undefined {
    const { clearBytes } = context;
    const decipher = createDecipheriv(CIPHER, this.key, this.nonceOf(context));
    decipher.setAAD(associatedData(packet, context));
    decipher.setAuthTag(tag);
    const opened = Buffer.allocUnsafe(packet.length);
    opened.set(packet.subarray(0, clearBytes));
    opened.set(decipher.update(packet.subarray(clearBytes)), clearBytes);
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return opened;
  }

  /** RFC 7714 §8.1, §9.1: `(0000 || SSRC || index) XOR salt`; the index of RTP is `ROC || SEQ`. */
  private nonceOf({ ssrc, index }: PacketContext): Buffer {
    const { nonce, salt } = this;
    nonce.writeUInt16BE(0, 0);
    nonce.writeUInt32BE(ssrc, 2);
    nonce.writeUIntBE(index, 6, 6);
    for (let i = 0; i < NONCE_BYTES; i++) nonce[i]! ^= salt[i]!;
    return nonce;
  }
}

/** RFC 7714 §8.2, §9.2: what stays readable, and of RTCP the word with the index. */
function associatedData(packet: Uint8Array, { clearBytes, indexWord }: PacketContext): Uint8Array {
  const clear = packet.subarray(0, clearBytes);
  return indexWord === undefined ? clear : Buffer.concat([clear, indexWord]);
}
