import type { Micros } from "../time.js";

/**
 * How a packet is treated. `repair`: ahead of everything else that waits, because a viewer already misses it, and a few at
 * once; they still use up the rate. `media`: sent in order as the rate allows.
 */
export type PacingClass = "repair" | "media";

/** What a pacer must know of a packet. */
export interface PacedPacket {
  readonly pacing: PacingClass;
  /** Its size on the wire as far as known, without UDP and IP headers. */
  readonly sizeBytes: number;
}

/** What a pacer is doing. */
export interface PacerStatistics {
  /** The rate at which waiting packets leave; infinite without pacing. */
  readonly rateBps: number;
  readonly queuedPackets: number;
  readonly queuedBytes: number;
  /** The longest that a packet waited since the statistics were last read. */
  readonly longestWaitMs: number;
}

/**
 * Spreads packets over time, so that a large frame overruns neither a queue on the path nor the receiver's socket buffer.
 * After {@link enqueue}, call {@link poll} until it returns undefined, and again at {@link nextTimeout}.
 */
export interface Pacer<P extends PacedPacket> {
  /** Takes in a packet to be sent. */
  enqueue(now: Micros, packet: P): void;
  /** The next packet to send at `now`, or undefined if none is due. */
  poll(now: Micros): P | undefined;
  /** When `poll` should be called again; `NEVER` while nothing waits. May lie in the past: something is due. */
  nextTimeout(): Micros;
  /** How long all that waits will take to leave. */
  backlog(): Micros;
  /** Drops all that waits, and says what that was, each class in order. */
  clear(): readonly P[];
  /** Changes the rate for all that waits. */
  setRate(rateBps: number): void;
  /** What the pacer is doing; resets the longest wait. */
  stats(): PacerStatistics;
}
