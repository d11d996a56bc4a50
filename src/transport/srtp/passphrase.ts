import { hkdfSync, randomBytes, scrypt } from "node:crypto";
import { SightlineError } from "../../core/index.js";
import { KEY_BYTES, SALT_BYTES, type SrtpMasterKey, type SrtpSuite } from "./suites.js";

/** Shorter ones are found by trying. */
const MIN_PASSPHRASE_LENGTH = 8;
/**
 * RFC 7914 §2: a guess costs 32 MiB and about 0.1 s. Both ends must derive the same without having spoken, so the salt is
 * fixed.
 */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const SCRYPT_SALT = "sightline srtp 1";
const ROOT_BYTES = 32;

/**
 * The bytes of the identifier by which the packets of one share name their master key. It is random, so that no two shares
 * with one passphrase ever use a key twice.
 */
export const MKI_BYTES = 8;

/** A passphrase, made into what keys are derived from. */
export class PassphraseKey {
  private readonly root: Uint8Array;

  private constructor(root: Uint8Array) {
    this.root = root;
  }

  /**
   * Stretches a passphrase (scrypt, RFC 7914). Takes about 0.1 s, in another thread.
   *
   * @throws SightlineError `invalid-argument` if it has fewer than 8 characters
   */
  static async derive(passphrase: string): Promise<PassphraseKey> {
    // The same letters, however a keyboard composes them.
    const text = passphrase.normalize("NFKC");
    if ([...text].length < MIN_PASSPHRASE_LENGTH) {
      throw new SightlineError(
        "invalid-argument",
        `a key of ${[...text].length} characters is too easy to guess: use ${MIN_PASSPHRASE_LENGTH} or more, for example four words`,
      );
    }
    return new Promise((resolve, reject) => {
      scrypt(text, SCRYPT_SALT, ROOT_BYTES, SCRYPT, (cause, root) => {
        if (cause) reject(new SightlineError("internal", `the key cannot be derived: ${cause.message}`, { cause }));
        else resolve(new PassphraseKey(root));
      });
    });
  }

  /** A master key that no share had before, for AEAD_AES_128_GCM. */
  newMasterKey(): SrtpMasterKey {
    return this.masterKeyOf(randomBytes(MKI_BYTES));
  }

  /** The master key that an identifier names (HKDF, RFC 5869). */
  masterKeyOf(mki: Uint8Array): SrtpMasterKey {
    return { ...this.expand("AEAD_AES_128_GCM", mki), mki };
  }

  /**
   * The master key for players that know no identifiers, for AES_CM_128_HMAC_SHA1_80: the same for every share with this
   * passphrase.
   */
  fixedMasterKey(): SrtpMasterKey {
    return this.expand("AES_CM_128_HMAC_SHA1_80", new Uint8Array());
  }

  private expand(suite: SrtpSuite, salt: Uint8Array): SrtpMasterKey {
    const material = new Uint8Array(hkdfSync("sha256", this.root, salt, suite, KEY_BYTES + SALT_BYTES[suite]));
    return { suite, key: material.subarray(0, KEY_BYTES), salt: material.subarray(KEY_BYTES) };
  }
}
