import type { RtpPacket, SequenceNumber } from "../rtp/index.js";

/** What an encoder did. */
export interface FecEncoderStatistics {
  readonly framesProtected: number;
  readonly repairPacketsMade: number;
  /** Payload bytes of the repair packets. */
  readonly repairBytesMade: number;
}

/** Makes repair packets for the frames of one media stream. */
export interface FecEncoder {
  /**
   * Takes the packets of the next frame, which need not be sent yet.
   *
   * @param packets - all of the frame in order, without what is written into a packet only as it leaves, the transport-wide
   *   sequence number; at least one
   * @param repairPackets - how many to make; 0 only takes note of the frame
   * @returns packets of the repair stream, to be sent after the frame in this order
   */
  protect(packets: readonly RtpPacket[], repairPackets: number): RtpPacket[];
  /** What was done so far. */
  stats(): FecEncoderStatistics;
}

/** What a decoder did. */
export interface FecDecoderStatistics {
  readonly repairPacketsReceived: number;
  /** Media packets that did not come, or came later, and were rebuilt. */
  readonly packetsRecovered: number;
  /** Repair packets that came when nothing they protect was missing. */
  readonly repairPacketsUnused: number;
  /** Repair packets given up because too much was missing for too long. */
  readonly repairPacketsExpired: number;
  /** Malformed, of another stream, out of all bounds, or received twice. */
  readonly repairPacketsRejected: number;
}

/**
 * Rebuilds lost packets of one media stream from its repair packets. Both kinds may come in any order; what is kept of
 * them is bounded. Nothing that comes from the network makes it throw.
 */
export interface FecDecoder {
  /**
   * A packet of the media stream came, as sent or retransmitted.
   *
   * @returns what can be rebuilt now that could not before, in no particular order
   */
  onMedia(packet: RtpPacket): RtpPacket[];
  /** A packet of the repair stream came; what can be rebuilt now. */
  onRepair(packet: RtpPacket): RtpPacket[];
  /**
   * Whether a packet that is missing may still be rebuilt without being asked for: repair packets that protect it have come
   * and said that more of them follow.
   */
  isRepairExpected(sequence: SequenceNumber): boolean;
  /** The newest packet that a repair packet has named: everything up to it was sent. Undefined before the first one. */
  readonly newestProtected: SequenceNumber | undefined;
  /** What was done so far. */
  stats(): FecDecoderStatistics;
}
