import type { SequenceNumber } from "../rtp/index.js";

/** A repair stream and what it protects. */
export interface FecStreams {
  /** Of the repair stream. */
  readonly ssrc: number;
  readonly payloadType: number;
  /** Of the protected stream. */
  readonly mediaSsrc: number;
  /** The repair stream's first; random (RFC 3550 §5.1). */
  readonly firstSequenceNumber: SequenceNumber;
}
