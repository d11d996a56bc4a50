import type { TransportFeedback } from "../rtcp/index.js";
import type { SequenceNumber } from "../rtp/index.js";
import type { Micros } from "../time.js";

/** A packet that left, as a controller must know it to make sense of the feedback on it. */
export interface SentPacket {
  /** Its transport-wide sequence number. */
  readonly transportSequenceNumber: SequenceNumber;
  /** Its size with the RTP header, without UDP and IP headers. */
  readonly sizeBytes: number;
  /** The {@link ProbeRequest.id} of the probe that it was sent in, media or padding; absent outside of probes. */
  readonly probeId?: number;
}

/** What a report block says of the path. */
export interface PathReport {
  /** Share of the packets lost since the report before: 0 … 1. */
  readonly fractionLost: number;
  /** The round trip, smoothed; undefined while not known. */
  readonly roundTrip: Micros | undefined;
}

/**
 * A short burst at a higher rate, to learn whether the path carries it. Everything that leaves until `bytes` have left at
 * `rateBps` belongs to the probe: media if there is any, padding where there is not.
 */
export interface ProbeRequest {
  /** Counts up; each id is carried out once. */
  readonly id: number;
  readonly rateBps: number;
  readonly bytes: number;
}

/** What the controller wants done. */
export interface CongestionDecision {
  /** For all that the stream sends: media, and what repairs it. */
  readonly targetBitrateBps: number;
  /** For the pacer; above the target, so that a large frame is soon through. */
  readonly pacingRateBps: number;
  /** The probe to carry out, unless that was done; stands until the next one. */
  readonly probe: ProbeRequest | undefined;
  /** How long what is under way will keep a queue on the path filled; 0 while none was seen. */
  readonly pathBacklog: Micros;
  /** When time alone may change the decision; `NEVER` if it cannot. */
  readonly validUntil: Micros;
}

/** What holds the target where it is. */
export type BitrateLimit =
  /** The bitrate that was configured. */
  | "configured"
  /** Delay: what the path was seen to carry without a queue, or is expected to. */
  | "delay"
  /** Losses that come with a queue, or with the rate. */
  | "loss"
  /** A queue that is being emptied. */
  | "queue"
  /** Nobody answers. */
  | "silence";

/** What is known of the path. */
export interface PathStatistics {
  /** What the path is believed to carry, configured bounds aside. */
  readonly estimateBps: number;
  /** What was seen to arrive lately. */
  readonly acknowledgedBps: number;
  /** Time that packets wait in queues on the path, over the least delay seen lately. */
  readonly queueDelayMs: number;
  /** Share of the packets that the path loses: 0 … 1. */
  readonly lossFraction: number;
  /** A queue stands or did a moment ago, or losses follow the rate: what is lost now, sending less saves, and redundancy does not. */
  readonly isCongested: boolean;
  readonly limitedBy: BitrateLimit;
  /** The source sends far less than it may. */
  readonly isApplicationLimited: boolean;
  readonly probesSent: number;
}

/** What a controller knows, for people and tests. */
export interface CongestionStatistics {
  readonly targetBitrateBps: number;
  readonly pacingRateBps: number;
  /** Absent if the controller does not measure the path. */
  readonly path?: PathStatistics;
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
