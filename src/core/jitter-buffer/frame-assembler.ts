import type { DepacketizedFrame, Depacketizer } from "../payload/payload-format.js";
import type { RtpTimestamp } from "../rtp/rtp-timestamp.js";
import type { Micros } from "../time.js";
import type {
  AssembledFrame,
  AssemblerOutput,
  AssemblerPacket,
  AssemblerStatistics,
  Hole,
  KeyframeReason,
  SkipReason,
} from "./assembled-frame.js";
import { type AssemblerLimits, DEFAULT_ASSEMBLER_LIMITS } from "./assembler-limits.js";
import { findHole, keyframeProgress } from "./missing-packets.js";
import { PacketRun } from "./packet-run.js";
import { ReorderBuffer } from "./reorder-buffer.js";

/**
 * While a keyframe is awaited, frames that are no use are kept until packets this much newer have arrived: a packet of the
 * keyframe before them may have been overtaken. Far more than networks reorder, and little memory.
 */
const REORDER_WINDOW_PACKETS = 128;

/** What a {@link FrameAssembler} is made from. */
export interface FrameAssemblerOptions {
  /** Of the stream's codec, and this stream's own. */
  readonly depacketizer: Depacketizer;
  /** What may come before the first keyframe, in a packet that never came, is known from elsewhere; default: no. */
  readonly mayStartHeadless?: boolean;
  /** {@link DEFAULT_ASSEMBLER_LIMITS} where not given. */
  readonly limits?: Partial<AssemblerLimits>;
}

/**
 * Makes complete frames from the packets of one stream, in whatever order they come, and hands them out in decoding
 * order as early as they can be decoded. It holds nothing back: a frame waits only for packets that it needs.
 *
 * A frame ends at a marker bit or where the next packet in sequence has another timestamp. A frame can be delivered when
 * it is whole and either follows the last delivered one without a gap, or is a keyframe: a complete keyframe overtakes
 * everything older. With an intra-only codec every frame is one, so a hole holds nothing up.
 * A keyframe behind a hole counts as whole only if its first packet is surely that. If parameter sets may have been before
 * it, it waits until the hole is closed or given up.
 *
 * How to drive it: `insert` each packet, then `poll` until it returns undefined. Repair and patience are the caller's:
 * {@link hole} says what is missing in front of what has arrived, and since when; the caller has it sent again, and calls
 * {@link abandonHole} when it would come too late, and then `poll` again. From there
 * frames are skipped until the next keyframe, and `poll` says `keyframe-needed` once; {@link awaitingKeyframe} tells
 * whether the request must be repeated.
 *
 * A sequence number far behind the others counts as late; when a sender has started again, call {@link reset}.
 */
export class FrameAssembler {
  private readonly depacketizer: Depacketizer;
  private readonly limits: AssemblerLimits;
  private readonly mayStartHeadless: boolean;
  private readonly buffer = new ReorderBuffer();
  private readonly counts = {
    packetsReceived: 0,
    packetsDuplicate: 0,
    packetsLate: 0,
    packetsMalformed: 0,
    framesDelivered: 0,
    framesDropped: 0,
    framesMalformed: 0,
    overflows: 0,
  };
  private readonly skipped: Record<SkipReason, number> = {
    lost: 0,
    undecodable: 0,
    overtaken: 0,
    malformed: 0,
    reset: 0,
  };
  /** Everything before this sequence number is done with. Undefined until something is. */
  private next: number | undefined;
  /** The packet at `next` is the first of its frame: the one before it was the last of another. */
  private nextStartsFrame = false;
  private awaiting = true;
  /** Why a keyframe is needed, until `poll` has said so. */
  private unannouncedReason: KeyframeReason | undefined;
  private lastDroppedTimestamp: RtpTimestamp | undefined;

  constructor({ depacketizer, mayStartHeadless = false, limits }: FrameAssemblerOptions) {
    this.mayStartHeadless = mayStartHeadless;
    this.depacketizer = depacketizer;
    this.limits = { ...DEFAULT_ASSEMBLER_LIMITS, ...limits };
  }

  /** Nothing can be delivered before a keyframe has arrived. True at the start. */
  get awaitingKeyframe(): boolean {
    return this.awaiting;
  }

  /** The extended sequence number below which no packet is of use any more, nor worth asking for. Undefined at the start. */
  get nextSequence(): number | undefined {
    return this.next;
  }

  /**
   * The packet before the first one that came, if that is the second of a keyframe or its first: the parameter sets may be in
   * it. Undefined if they are not there, or are known.
   */
  get packetBeforeStart(): number | undefined {
    const first = this.buffer.first;
    if (this.next !== undefined || !first?.maybeKeyframe || first.startHint !== "maybe") return undefined;
    return first.firstSequence - 1;
  }

  /**
   * Takes one packet. Duplicates and late ones are counted and dropped.
   *
   * @param arrival - when the packet arrived
   */
  insert(arrival: Micros, packet: AssemblerPacket): void {
    this.counts.packetsReceived++;
    if (this.next !== undefined && packet.extendedSequence < this.next) {
      this.counts.packetsLate++;
      return;
    }
    const hints = this.depacketizer.inspect(packet.payload);
    const isFirst = this.next === undefined && this.buffer.first === undefined;
    if (!this.buffer.insert(new PacketRun(arrival, packet, hints))) {
      this.counts.packetsDuplicate++;
      return;
    }
    if (hints === undefined && packet.payload.length > 0) this.counts.packetsMalformed++;
    if (isFirst && !(hints?.keyframe && hints.startsFrame !== "no")) this.needKeyframe("start");
    if (this.isOverLimits()) this.overflow();
  }

  /** What comes next; undefined when there is nothing until another call changes that. */
  poll(): AssemblerOutput | undefined {
    const frame = this.takeContinuous() ?? this.takeKeyframe();
    if (frame !== undefined) return { kind: "frame", frame };
    this.dropUseless();
    const reason = this.unannouncedReason;
    this.unannouncedReason = undefined;
    return reason && { kind: "keyframe-needed", reason };
  }

  /**
   * When the newest packet came of a keyframe that is awaited and can be repaired; undefined if there is none, or if its
   * first packets came before anything else did and were lost, so that nobody knows what to ask for.
   */
  keyframeProgress(): Micros | undefined {
    return keyframeProgress(this.buffer.runs, this);
  }

  /**
   * The first missing packets that hold up something newer; undefined if nothing is held up, or if `poll` has something to
   * hand out first.
   */
  hole(): Hole | undefined {
    return findHole(this.buffer.runs, this);
  }

  /**
   * Gives up the packets of {@link hole}, and with them the frames that they belong to and all that depend on those.
   * No effect without a hole.
   */
  abandonHole(): void {
    const hole = this.hole();
    if (hole === undefined) return;
    this.needKeyframe("loss");
    while (this.buffer.first !== undefined && this.buffer.first.firstSequence < hole.firstSequence) this.drop("lost");
    this.next = hole.lastSequence + 1;
    this.nextStartsFrame = false;
    this.dropBroken();
    this.dropUseless();
  }

  /** Skips to the next keyframe, because what was delivered cannot be decoded. `poll` then says `keyframe-needed`. */
  requireKeyframe(): void {
    if (!this.awaiting) this.needKeyframe("requested");
  }

  /** Forgets all packets and the place in the stream, as at the start, because the sender has started again. */
  reset(): void {
    while (this.buffer.first !== undefined) this.drop("reset");
    this.next = undefined;
    this.nextStartsFrame = false;
    this.awaiting = true;
    this.unannouncedReason = undefined;
  }

  /** A snapshot of the counters. */
  stats(): AssemblerStatistics {
    return {
      ...this.counts,
      framesSkipped: { ...this.skipped },
      packetsBuffered: this.buffer.packetCount,
      bytesBuffered: this.buffer.byteCount,
    };
  }

  /** The frame that follows the last one without a gap, if it is whole. */
  private takeContinuous(): AssembledFrame | undefined {
    for (let run = this.buffer.first; run !== undefined; run = this.buffer.first) {
      if (run.firstSequence !== this.next || !(run.ended || run.isPadding)) return undefined;
      const isRemainder = !this.nextStartsFrame && run.startHint === "no";
      if (run.isPadding || isRemainder || (this.awaiting && !run.maybeKeyframe)) {
        this.drop(isRemainder ? "lost" : "undecodable");
        continue;
      }
      const depacketized = this.depacketize(run);
      if (depacketized === undefined) {
        this.counts.framesMalformed++;
        this.needKeyframe("malformed");
      } else if (depacketized.keyframe || !this.awaiting) {
        return this.deliverFirst(depacketized);
      }
      this.drop(depacketized === undefined ? "malformed" : "undecodable");
    }
    return undefined;
  }

  /** The newest whole keyframe, if there is one; everything before it is dropped. */
  private takeKeyframe(): AssembledFrame | undefined {
    for (const run of this.buffer.runs.toReversed()) {
      if (!run.maybeKeyframe || !run.isWhole) continue;
      const depacketized = this.depacketize(run);
      if (depacketized?.keyframe) {
        while (this.buffer.first !== run) this.drop("overtaken");
        return this.deliverFirst(depacketized);
      }
      // Its payloads looked like a keyframe's, but it is none: not to be looked at again.
      run.maybeKeyframe = false;
    }
    return undefined;
  }

  private depacketize(run: PacketRun): DepacketizedFrame | undefined {
    return this.depacketizer.depacketize(run.packets.map((packet) => packet.payload));
  }

  private deliverFirst(depacketized: DepacketizedFrame): AssembledFrame {
    const run = this.buffer.shift()!;
    this.next = run.lastSequence + 1;
    this.nextStartsFrame = true;
    this.counts.framesDelivered++;
    if (depacketized.keyframe) {
      this.awaiting = false;
      this.unannouncedReason = undefined;
    }
    return run.toFrame(depacketized);
  }

  /** While a keyframe is awaited: drops what is older than the first packets that may belong to one. */
  private dropUseless(): void {
    for (let run = this.buffer.first; run !== undefined; run = this.buffer.first) {
      if (!this.awaiting || run.maybeKeyframe) return;
      // The last run may still grow into a keyframe: its parameter sets may follow.
      const isOver = run.ended || this.buffer.runs.length > 1;
      const isNext = run.firstSequence === this.next;
      const isOld = this.buffer.runs.at(-1)!.lastSequence - run.lastSequence >= REORDER_WINDOW_PACKETS;
      if (!isOld && !(isNext && isOver)) return;
      this.drop("undecodable");
    }
  }

  /** Drops the frame behind a hole, of which the first packets were in the hole, and what there is of the rest of it. */
  private dropBroken(): void {
    const broken = this.buffer.first;
    if (broken === undefined || broken.started || this.mayBeWhole(broken)) return;
    for (let run = this.buffer.first; run?.timestamp === broken.timestamp; run = this.buffer.first) {
      if (run === undefined || run.started) return;
      this.drop("lost");
    }
  }

  /**
   * Behind a hole nobody knows what was before a run. A first keyframe needs the parameter sets that may have been; later
   * ones can do with those from before.
   */
  private mayBeWhole({ startHint }: PacketRun): boolean {
    return startHint === "yes" || (startHint === "maybe" && (this.mayStartHeadless || this.counts.framesDelivered > 0));
  }

  private drop(reason: SkipReason): void {
    const run = this.buffer.shift();
    if (run === undefined) return;
    // Padding says nothing about where a frame starts; it leaves open or settled what was.
    this.nextStartsFrame = run.isPadding ? this.nextStartsFrame && run.firstSequence === this.next : run.ended;
    this.next = run.lastSequence + 1;
    // Several runs may be pieces of one frame.
    if (run.timestamp === undefined || run.timestamp === this.lastDroppedTimestamp) return;
    this.lastDroppedTimestamp = run.timestamp;
    this.counts.framesDropped++;
    this.skipped[reason]++;
  }

  private needKeyframe(reason: KeyframeReason): void {
    this.awaiting = true;
    if (!this.depacketizer.intraOnly) this.unannouncedReason = reason;
  }

  private isOverLimits(): boolean {
    const { maxPackets, maxBytes, maxRuns } = this.limits;
    const { packetCount, byteCount, runs } = this.buffer;
    return packetCount > maxPackets || byteCount > maxBytes || runs.length > maxRuns;
  }

  private overflow(): void {
    this.counts.overflows++;
    while (this.buffer.first !== undefined) this.drop("reset");
    this.needKeyframe("overflow");
  }
}
