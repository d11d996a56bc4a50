/** Why frames of which something came were never shown. */
export interface SkippedFrames {
  /** Packets of them were given up. */
  readonly lost: number;
  /** What they refer to was skipped, and no keyframe had come since. */
  readonly undecodable: number;
  /** A newer keyframe was complete first. */
  readonly overtaken: number;
  /** They were complete and made no sense. */
  readonly malformed: number;
  /** A bound was hit, or the sender started again. */
  readonly reset: number;
}

/** What a receiver got of the stream it shows, since that stream started, and its rates over the last second. */
export interface ReceiverStatistics {
  /** The stream; undefined before the first. */
  readonly ssrc: number | undefined;
  /** RTP packets of the media, repairs not counted. */
  readonly packetsReceived: number;
  /** Packets that the path lost, repaired or not. */
  readonly packetsLost: number;
  /** Lost packets that were sent again when asked for, or rebuilt. */
  readonly packetsRepaired: number;
  /** Those of them that were rebuilt from repair packets. */
  readonly packetsRebuilt: number;
  /** Repair packets that came. */
  readonly repairPacketsReceived: number;
  /** Packets that were overtaken by later ones. */
  readonly packetsReordered: number;
  /** Packets asked for, repeats included. */
  readonly packetsRequested: number;
  /** RTP bytes with headers and repairs, without UDP and IP. */
  readonly bytesReceived: number;
  /** The rate of `bytesReceived`. */
  readonly bitrateBps: number;
  /** Complete frames handed out. */
  readonly framesReceived: number;
  /** Frames of which something came, and which were never handed out. */
  readonly framesDropped: number;
  /** Why; together they are `framesDropped`. */
  readonly framesSkipped: SkippedFrames;
  /** Frames that had to wait for a repair, their own or that of a frame before. */
  readonly framesHeld: number;
  /** The longest that a frame of the last second or two stayed in the receiver, from its first packet until it was handed out. */
  readonly playoutDepthMs: number;
  readonly framesPerSecond: number;
  /** PLIs sent. */
  readonly keyframesRequested: number;
  /** Smoothed; undefined until the sender answered (it may not know how). */
  readonly roundTripMs: number | undefined;
  /** Interarrival jitter (RFC 3550 §6.4.1). */
  readonly jitterMs: number;
  /** How long a missing packet is waited for before it is asked for, learnt from the path's reordering. */
  readonly reorderToleranceMs: number;
  /** Datagrams that belong to no stream here or are malformed, since the receiver was made. */
  readonly datagramsRejected: number;
}

/** What a receiver that has shown no stream yet got. */
export const NOTHING_RECEIVED: ReceiverStatistics = {
  ssrc: undefined,
  packetsReceived: 0,
  packetsLost: 0,
  packetsRepaired: 0,
  packetsRebuilt: 0,
  repairPacketsReceived: 0,
  packetsReordered: 0,
  packetsRequested: 0,
  bytesReceived: 0,
  bitrateBps: 0,
  framesReceived: 0,
  framesDropped: 0,
  framesSkipped: { lost: 0, undecodable: 0, overtaken: 0, malformed: 0, reset: 0 },
  framesHeld: 0,
  playoutDepthMs: 0,
  framesPerSecond: 0,
  keyframesRequested: 0,
  roundTripMs: undefined,
  jitterMs: 0,
  reorderToleranceMs: 0,
  datagramsRejected: 0,
};
