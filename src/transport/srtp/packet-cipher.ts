import type { SessionKeys } from "./key-derivation.js";

/** What a cipher is told of a packet besides its bytes. */
export interface PacketContext {
  readonly ssrc: number;
  /** With the SSRC it makes the packet's nonce unlike any other (RFC 3711 §3.3.1): RTP 48 bits, RTCP 31. */
  readonly index: number;
  /** The bytes at the start that stay readable. */
  readonly clearBytes: number;
  /** Of RTCP, the word with the index and the flag E, which is authenticated, too. */
  readonly indexWord?: Uint8Array;
}

/** Encrypts and authenticates the packets of one kind, RTP or RTCP, under one key. No state but that. */
export interface PacketCipher {
  /** Writes the packet, encrypted, to the start of `sealed`, and returns its tag. */
  seal(packet: Uint8Array, context: PacketContext, sealed: Buffer): Uint8Array;
  /** The packet that was sealed; undefined if it is not authentic. */
  open(packet: Uint8Array, context: PacketContext, tag: Uint8Array): Uint8Array | undefined;
}

/** A crypto suite, as far as `SrtpTransform` does not do the same for all. */
export interface CipherSuite {
  readonly tagBytes: number;
  /** Whether the tag ends the packet; else it follows what is encrypted. */
  readonly isTagLast: boolean;
  createCipher(keys: SessionKeys): PacketCipher;
}
