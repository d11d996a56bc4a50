import type { RtpTimestamp } from "../rtp/rtp-timestamp.js";
import type { Micros } from "../time.js";

/** A media packet as the frame assembler takes it: its stream is known and its sequence number unwrapped. */
export interface AssemblerPacket {
  /** The sequence number, extended beyond 16 bits (RFC 3550 A.1), so that it orders packets across wraps. */
  readonly extendedSequence: number;
  readonly timestamp: RtpTimestamp;
  /** The RTP marker bit: the last packet of its frame. */
  readonly marker: boolean;
  /** The RTP payload without padding. Empty: a padding-only packet, which counts for continuity and nothing else. */
  readonly payload: Uint8Array;
  /** When the packet's frame was captured, if the packet says so. */
  readonly captureTime?: Micros;
  /** The packet was lost at first and came by retransmission or error correction. */
  readonly recovered?: boolean;
}

/** A complete frame, ready to be decoded. */
export interface AssembledFrame {
  /** The coded picture in the form that `EncodedFrame.data` has. */
  readonly data: Uint8Array;
  /** Decoding can start here. */
  readonly keyframe: boolean;
  readonly timestamp: RtpTimestamp;
  /** When the frame was captured, if a packet of it said so. */
  readonly captureTime?: Micros;
  /** The extended sequence numbers of its first and last packet. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** When its earliest and its latest packet arrived. */
  readonly firstArrival: Micros;
  readonly lastArrival: Micros;
  /** A packet of it was lost and repaired. */
  readonly recovered: boolean;
}

/**
 * Why decoding can only go on with a keyframe:
 * `start` – the stream was joined in the middle;
 * `loss` – a hole was given up;
 * `malformed` – a complete frame made no sense;
 * `overflow` – a bound was hit, and what was stored is gone;
 * `requested` – the caller asked, as after a decoder's failure.
 */
export type KeyframeReason = "start" | "loss" | "malformed" | "overflow" | "requested";

/** What `FrameAssembler.poll` hands out. */
export type AssemblerOutput =
  | { readonly kind: "frame"; readonly frame: AssembledFrame }
  /** Given once when the need arises; `FrameAssembler.awaitingKeyframe` stays true until the keyframe is there. */
  | { readonly kind: "keyframe-needed"; readonly reason: KeyframeReason };

/** Missing packets that hold up frames which have arrived after them. */
export interface Hole {
  /** The extended sequence numbers of the first and the last missing packet. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** When the earliest packet beyond the hole arrived: since then the hole has been known. */
  readonly since: Micros;
}

/**
 * Why a frame of which something arrived is never shown:
 * `lost` – packets of it were given up;
 * `undecodable` – what it refers to was skipped, and no keyframe has come since;
 * `overtaken` – a newer keyframe was complete first;
 * `malformed` – it was complete and made no sense;
 * `reset` – a bound was hit, or the sender started again.
 */
export type SkipReason = "lost" | "undecodable" | "overtaken" | "malformed" | "reset";

/** Counts since the assembler was made, and what it holds now. */
export interface AssemblerStatistics {
  readonly packetsReceived: number;
  /** Packets that were already there. */
  readonly packetsDuplicate: number;
  /** Packets of frames that were delivered or given up before. */
  readonly packetsLate: number;
  /** Packets whose payload is malformed or of a kind not understood. */
  readonly packetsMalformed: number;
  readonly framesDelivered: number;
  /** Frames of which something arrived and which were never delivered. */
  readonly framesDropped: number;
  /** Why; together they are `framesDropped`. */
  readonly framesSkipped: Readonly<Record<SkipReason, number>>;
  /** Complete frames that made no sense (counted in `framesDropped` too). */
  readonly framesMalformed: number;
  /** How often a bound was hit and everything stored was thrown away. */
  readonly overflows: number;
  readonly packetsBuffered: number;
  readonly bytesBuffered: number;
}
