import type { Depacketizer } from "../payload/payload-format.js";
import type { Micros } from "../time.js";
import type { AssemblerOutput, AssemblerPacket, AssemblerStatistics, Hole } from "./assembled-frame.js";

/** What a {@link FrameAssembler} is made from. */
export interface FrameAssemblerOptions {
  readonly depacketizer: Depacketizer;
  /** Bounds of what is stored; the defaults suit any frame up to 16 MiB. */
  readonly limits?: Partial<AssemblerLimits>;
}

/** Bounds of what a {@link FrameAssembler} stores, whatever arrives. When one is hit, all that is stored is dropped. */
export interface AssemblerLimits {
  readonly maxPackets: number;
  /** Payload bytes. */
  readonly maxBytes: number;
  /** Stretches of packets in sequence; each gap and each frame boundary makes one more. */
  readonly maxRuns: number;
}

/**
 * Makes complete frames from the packets of one stream, in whatever order they come, and hands them out in decoding
 * order as early as they can be decoded. It holds nothing back: a frame waits only for packets that it needs.
 *
 * A frame ends at a marker bit or where the next packet in sequence has another timestamp. A frame can be delivered when
 * it is whole and either follows the last delivered one without a gap, or is a keyframe: a complete keyframe overtakes
 * everything older. With an intra-only codec every frame is one, so a hole holds nothing up.
 *
 * How to drive it: `insert` each packet, then `poll` until it returns undefined. Repair and patience are the caller's:
 * {@link hole} says what is missing in front of what has arrived, and since when; the caller has it sent again, and calls
 * {@link abandonHole} when it would come too late. Then frames are skipped until the next keyframe, and `poll` says
 * `keyframe-needed` once; {@link awaitingKeyframe} tells whether the request must be repeated.
 *
 * A sequence number far behind the others counts as late; when a sender has started again, call {@link reset}.
 */
export declare class FrameAssembler {
  constructor(options: FrameAssemblerOptions);

  /** Nothing can be delivered before a keyframe has arrived. True at the start. */
  get awaitingKeyframe(): boolean;

  /** The extended sequence number below which no packet is of use any more: not worth asking for. Undefined at the start. */
  get nextSequence(): number | undefined;

  /**
   * Takes one packet. Duplicates and late ones are counted and dropped.
   *
   * @param arrival - when the packet arrived
   */
  insert(arrival: Micros, packet: AssemblerPacket): void;

  /** The next thing to do, or undefined when there is nothing until another call changes that. */
  poll(): AssemblerOutput | undefined;

  /** The first missing packets that hold up something newer; undefined if nothing is held up. Poll until empty first. */
  hole(): Hole | undefined;

  /**
   * Gives up the packets of {@link hole}, and with them the frames they belong to and all that depend on those.
   * No effect without a hole.
   */
  abandonHole(): void;

  /** Skips to the next keyframe, because what was delivered cannot be decoded. `poll` then says `keyframe-needed`. */
  requireKeyframe(): void;

  /** Forgets all packets and the place in the stream, as at the start, because the sender has started again. */
  reset(): void;

  stats(): AssemblerStatistics;
}
