import type { TransportFeedback } from "../rtcp/index.js";
import type { SequenceNumber } from "../rtp/index.js";
import type { Micros } from "../time.js";

/** A packet that left, as a controller must know it to make sense of the feedback on it. */
export interface SentPacket {
  /** Its transport-wide sequence number. */
  readonly transportSequenceNumber: SequenceNumber;
  /** Its size with the RTP header, without UDP and IP headers. */
  readonly sizeBytes: number;
}

/** What a report block says of the path. */
export interface PathReport {
  /** Share of the packets lost since the report before: 0 … 1. */
  readonly fractionLost: number;
  /** The round trip, smoothed; undefined while not known. */
  readonly roundTrip: Micros | undefined;
}

/** What the controller wants done. */
export interface CongestionDecision {
  /** For the encoder. */
  readonly targetBitrateBps: number;
  /** For the pacer; well above the target, so that a large frame is soon through. */
  readonly pacingRateBps: number;
  /** When time alone may change the decision; `NEVER` if it cannot. */
  readonly validUntil: Micros;
}

/** What a controller knows, for people and tests. */
export interface CongestionStatistics {
  readonly targetBitrateBps: number;
  readonly pacingRateBps: number;
}

/**
 * Decides how much may be sent. It is told of every packet that leaves and of all that comes back about them, and asked
 * for its {@link decision} after each. It matches feedback with packets itself, because what it must keep of them is its
 * own matter.
 */
export interface CongestionController {
  /** A packet left at `now`. Called in the order of transport-wide sequence numbers. */
  onPacketSent(now: Micros, packet: SentPacket): void;
  /** The receiver told when packets arrived. Remote data: bound it. */
  onTransportFeedback(now: Micros, feedback: TransportFeedback): void;
  /** The receiver told of loss. */
  onReceiverReport(now: Micros, report: PathReport): void;
  /** What holds at `now`. */
  decision(now: Micros): CongestionDecision;
  /** What the controller knows. */
  stats(): CongestionStatistics;
}
