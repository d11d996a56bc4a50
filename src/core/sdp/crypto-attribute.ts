import { attributeValues, type SdpSection } from "./line.js";

/** A key of an encrypted stream (`a=crypto`, RFC 4568 §9.1). Whoever reads the description can read the stream. */
export interface CryptoAttribute {
  /** Tells the keys of one stream apart: decimal digits. */
  readonly tag: string;
  /** The crypto suite's name, such as `AES_CM_128_HMAC_SHA1_80`. */
  readonly suite: string;
  /** Master key and master salt, one after the other, in base64. */
  readonly keyAndSalt: string;
  /** The master key identifier that packets carry: its value, and its length in bytes. */
  readonly mki?: { readonly value: number; readonly bytes: number };
  /** Where the stream departs from what is usual, such as `UNENCRYPTED_SRTCP` (RFC 4568 §6.3). */
  readonly sessionParameters: readonly string[];
}

/** The keys of a media section that have the form of RFC 4568 §6.1 and one master key; others are skipped. */
export function parseCryptoAttributes(section: SdpSection): CryptoAttribute[] {
  return attributeValues(section, "crypto").flatMap((value) => {
    const [tag = "", suite = "", keys = "", ...sessionParameters] = value.split(/\s+/);
    // inline:KEY|lifetime|MKI:length, the last two as the sender likes
    const match = /^inline:([A-Za-z0-9+/]+=*)(?:\|(?:2\^)?\d+)?(?:\|(\d+):(\d+))?$/.exec(keys);
    if (match === null || !/^\d+$/.test(tag)) return [];
    const mki = match[2] === undefined ? {} : { mki: { value: Number(match[2]), bytes: Number(match[3]) } };
    return [{ tag, suite, keyAndSalt: match[1]!, ...mki, sessionParameters }];
  });
}

/** The line for a key. */
export function writeCryptoAttribute({ tag, suite, keyAndSalt, mki, sessionParameters }: CryptoAttribute): string {
  const identifier = mki === undefined ? "" : `|${mki.value}:${mki.bytes}`;
  return [`a=crypto:${tag}`, suite, `inline:${keyAndSalt}${identifier}`, ...sessionParameters].join(" ");
}
