/**
 * The SRTP crypto suites that are spoken, by their names in RFC 4568 §6.2 and RFC 7714 §14.2. The first is what Sightline
 * uses between its own ends; the second is what every other player has.
 */
export const SRTP_SUITES = ["AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80"] as const;

/** One of {@link SRTP_SUITES}. */
export type SrtpSuite = (typeof SRTP_SUITES)[number];

/** The bytes of the keys of both suites: AES-128. */
export const KEY_BYTES = 16;

/** The bytes of a suite's master salt and session salts (RFC 7714 §12, RFC 3711 §8.2). */
export const SALT_BYTES: Readonly<Record<SrtpSuite, number>> = {
  AEAD_AES_128_GCM: 12,
  AES_CM_128_HMAC_SHA1_80: 14,
};

/** What both ends of a session share (RFC 3711 §3.2.1). */
export interface SrtpMasterKey {
  readonly suite: SrtpSuite;
  /** {@link KEY_BYTES} bytes. */
  readonly key: Uint8Array;
  /** {@link SALT_BYTES} bytes. */
  readonly salt: Uint8Array;
  /** The master key identifier that every packet carries (RFC 3711 §3.1); absent: none. */
  readonly mki?: Uint8Array;
}
