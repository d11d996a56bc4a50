/** How one receiver gets the stream, as its reports say. */
export interface ReceiverQuality {
  readonly ssrc: number;
  /** Smoothed; undefined until it answered a sender report. */
  readonly roundTripMs: number | undefined;
  /** Share of the packets that it missed between its last two reports: 0 … 1, repairs not counted. */
  readonly fractionLost: number;
  /** Interarrival jitter (RFC 3550 §6.4.1). */
  readonly jitterMs: number;
  /** Whether it asks for what it misses, keyframes included. One that only reports must be sent keyframes unasked. */
  readonly asksForRepair: boolean;
}

/** What a sender did since it was made, and its rates over the last second. */
export interface SenderStatistics {
  readonly framesSent: number;
  /** RTP packets of the media, retransmissions not counted. */
  readonly packetsSent: number;
  readonly packetsRetransmitted: number;
  /** Packets that receivers asked for, repeats included. */
  readonly packetsRequested: number;
  /** Repair packets sent, which protect frames against loss. */
  readonly repairPacketsSent: number;
  /** RTP bytes on the wire with headers, retransmissions and repair packets, without UDP and IP. */
  readonly bytesSent: number;
  /** The rate of `bytesSent`. */
  readonly bitrateBps: number;
  /** The part of `bitrateBps` that is retransmissions. */
  readonly retransmissionBps: number;
  /** The part of `bitrateBps` that is repair packets. */
  readonly repairBps: number;
  readonly targetBitrateBps: number;
  /** PLIs and FIRs that were passed on to the encoder. */
  readonly keyframesRequested: number;
  /** Packets that wait in the pacer now. */
  readonly pacerQueuePackets: number;
  /** The longest that a packet waited in the pacer since the statistics were last read. */
  readonly pacerLongestWaitMs: number;
  /** Datagrams that were no RTCP, or malformed. */
  readonly datagramsRejected: number;
  /** Those heard of in the last seconds. */
  readonly receivers: readonly ReceiverQuality[];
}
