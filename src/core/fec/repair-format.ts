import type { RtpPacket, SequenceNumber } from "../rtp/index.js";

/** What a repair packet says: its parity is the sum of the protected packets' forms, each times its factor. */
export interface Repair {
  /** The stream of the protected packets. */
  readonly ssrc: number;
  /** The protected packets, ascending, each once; at least one. */
  readonly sequences: readonly SequenceNumber[];
  /** In GF(2⁸), one for each of them, not 0. */
  readonly factors: Uint8Array;
  /** As long as the longest protected form (`toProtectedForm`). */
  readonly parity: Uint8Array;
  /** Repair packets of the same protected packets that the sender sends after this one. */
  readonly remaining: number;
}

/** How repair packets are written: what tells one kind of FEC from another to a decoder. */
export interface RepairFormat {
  /** Reads a packet of the repair stream; undefined if malformed. */
  readRepair(packet: RtpPacket): Repair | undefined;
  /** The media packet as the encoder saw it: without or with zeros for what is written into a packet as it leaves. */
  normalize(packet: RtpPacket): RtpPacket;
}
