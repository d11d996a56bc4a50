import type { DepacketizedFrame, PayloadHints, StartsFrame } from "../payload/payload-format.js";
import type { RtpTimestamp } from "../rtp/rtp-timestamp.js";
import type { Micros } from "../time.js";
import type { AssembledFrame, AssemblerPacket } from "./assembled-frame.js";

/**
 * Consecutive packets of one frame: all of it, or a piece between two gaps. Runs that touch are joined, so a frame is
 * complete when both ends of its run are known to be the frame's.
 *
 * Padding-only packets belong to no frame; they lengthen whichever run they touch.
 */
export class PacketRun {
  /** Extended sequence numbers, padding included. */
  firstSequence: number;
  lastSequence: number;
  /** The packets with a payload, in order. Empty: nothing but padding so far. */
  packets: AssemblerPacket[] = [];
  /** The payload bytes of all packets. */
  byteCount = 0;
  /** When the earliest and the latest packet arrived. */
  firstArrival: Micros;
  lastArrival: Micros;
  /** The packet before the run is known, and belongs to another frame. */
  started = false;
  /** The run's last packet is the frame's last: it has the marker, or the next one belongs to another frame. */
  ended = false;
  /** Whether the first packet looks like the first of its frame. */
  startHint: StartsFrame = "no";
  /** A packet looks like a keyframe's. */
  maybeKeyframe = false;

  /** @param hints - what the payload says; undefined if it is empty or cannot be understood */
  constructor(arrival: Micros, packet: AssemblerPacket, hints: PayloadHints | undefined) {
    this.firstSequence = packet.extendedSequence;
    this.lastSequence = packet.extendedSequence;
    this.firstArrival = arrival;
    this.lastArrival = arrival;
    if (packet.payload.length === 0) return;
    this.packets.push(packet);
    this.byteCount = packet.payload.length;
    this.ended = packet.marker;
    this.startHint = hints?.startsFrame ?? "no";
    this.maybeKeyframe = hints?.keyframe ?? false;
  }

  /** Only padding: part of no frame yet. */
  get isPadding(): boolean {
    return this.packets.length === 0;
  }

  /** The frame's timestamp; undefined while there is only padding. */
  get timestamp(): RtpTimestamp | undefined {
    return this.packets[0]?.timestamp;
  }

  /** Every packet of the frame is here, from its first to its last. */
  get isWhole(): boolean {
    return this.ended && (this.started || this.startHint === "yes");
  }

  /** Sequence numbers that the run covers. */
  get packetCount(): number {
    return this.lastSequence - this.firstSequence + 1;
  }

  /** The frame that the packets make, which are all of it. */
  toFrame({ data, keyframe }: DepacketizedFrame): AssembledFrame {
    const captureTime = this.packets.find((packet) => packet.captureTime !== undefined)?.captureTime;
    return {
      data,
      keyframe,
      timestamp: this.timestamp!,
      ...(captureTime !== undefined && { captureTime }),
      firstSequence: this.firstSequence,
      lastSequence: this.lastSequence,
      firstArrival: this.firstArrival,
      lastArrival: this.lastArrival,
      recovered: this.packets.some((packet) => packet.recovered === true),
    };
  }

  /** Whether a frame ends between this run and `next`, which follows it without a gap. */
  isFollowedByAnotherFrame(next: PacketRun): boolean {
    if (this.isPadding || next.isPadding) return false;
    return this.ended || this.timestamp !== next.timestamp;
  }

  /** Takes over `next`, which follows without a gap and belongs to the same frame. */
  append(next: PacketRun): void {
    if (this.isPadding) {
      this.packets = next.packets;
      this.firstArrival = next.firstArrival;
      this.lastArrival = next.lastArrival;
      this.startHint = next.startHint;
      this.started ||= next.started;
    } else if (!next.isPadding) {
      this.packets = concatenate(this.packets, next.packets);
      this.firstArrival = Math.min(this.firstArrival, next.firstArrival) as Micros;
      this.lastArrival = Math.max(this.lastArrival, next.lastArrival) as Micros;
    }
    this.lastSequence = next.lastSequence;
    this.byteCount += next.byteCount;
    this.ended ||= next.ended;
    this.maybeKeyframe ||= next.maybeKeyframe;
  }
}

/** Moves the shorter list into the longer: a packet costs the same whether it arrives in order or in reverse. */
function concatenate(head: AssemblerPacket[], tail: AssemblerPacket[]): AssemblerPacket[] {
  if (head.length < tail.length) {
    tail.unshift(...head);
    return tail;
  }
  for (const packet of tail) head.push(packet);
  return head;
}
