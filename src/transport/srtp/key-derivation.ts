import { createCipheriv } from "node:crypto";
import { KEY_BYTES, SALT_BYTES, type SrtpMasterKey } from "./suites.js";

/** Of HMAC-SHA1 (RFC 3711 §8.2). */
const AUTHENTICATION_KEY_BYTES = 20;
/** RFC 3711 §4.3.2: the labels of RTP's keys; those of RTCP follow. */
const RtpLabel = { encryption: 0, authentication: 1, salt: 2 } as const;
const FIRST_RTCP_LABEL = 3;
/** The label is the first byte of `label || r`, which is aligned to the end of the 14-byte master salt. */
const LABEL_OFFSET = 7;

/** The keys for one kind of packet: RTP or RTCP. */
export interface SessionKeys {
  readonly encryption: Buffer;
  /** Unused by suites that encrypt and authenticate in one. */
  readonly authentication: Buffer;
  readonly salt: Buffer;
}

/** The session keys of both kinds, and what names their master key. */
export interface TransformKeys {
  readonly rtp: SessionKeys;
  readonly rtcp: SessionKeys;
  /** The master key identifier at the end of every packet; empty: none. */
  readonly mki: Uint8Array;
}

/** All that a suite derives from a master key. */
export function deriveTransformKeys(master: SrtpMasterKey): TransformKeys {
  const mki = master.mki ?? new Uint8Array();
  return { rtp: deriveSessionKeys(master, "rtp"), rtcp: deriveSessionKeys(master, "rtcp"), mki };
}

/**
 * Derives the session keys from a master key with AES-CM as the pseudo-random function, at key derivation rate 0: once, for
 * the whole session (RFC 3711 §4.3.1, §4.3.3; RFC 7714 §11).
 */
export function deriveSessionKeys(master: SrtpMasterKey, kind: "rtp" | "rtcp"): SessionKeys {
  const first = kind === "rtp" ? 0 : FIRST_RTCP_LABEL;
  const derive = (label: number, length: number) => pseudoRandom(master, first + label, length);
  return {
    encryption: derive(RtpLabel.encryption, KEY_BYTES),
    authentication: derive(RtpLabel.authentication, AUTHENTICATION_KEY_BYTES),
    salt: derive(RtpLabel.salt, SALT_BYTES[master.suite]),
  };
}

/** The first `length` bytes of AES-CM's keystream for `label` (RFC 3711 §4.3.3). */
function pseudoRandom({ key, salt }: SrtpMasterKey, label: number, length: number): Buffer {
  const counter = Buffer.alloc(16); // a salt of 12 bytes is filled up with zeros at its end
  counter.set(salt);
  counter[LABEL_OFFSET]! ^= label;
  return createCipheriv("aes-128-ctr", key, counter).update(Buffer.alloc(length));
}
