import type { VideoCodec } from "../frame.js";
import { type AssembledFrame, FrameAssembler } from "../jitter-buffer/index.js";
import { fromApplicationPacket } from "../nack/index.js";
import { createDepacketizer } from "../payload/index.js";
import { type DlrrItem, type ReportBlock, type RtcpPacket, roundTripTime } from "../rtcp/index.js";
import {
  compactNtp,
  type ExtensionMap,
  findExtension,
  type RtpPacket,
  readAbsCaptureTime,
  type SequenceNumber,
  SequenceUnwrapper,
  VIDEO_CLOCK_RATE,
} from "../rtp/index.js";
import { InterarrivalJitter, RateMeter, type ReceiverStatistics, Reception, RoundTrip } from "../statistics/index.js";
import { elapsed, later, type Micros, micros, toMillis } from "../time.js";
import { BacktrackDetector } from "./backtrack-detector.js";
import { ClockEstimate } from "./clock-estimate.js";
import { PlayoutMeter } from "./playout-meter.js";
import type { ReceivedFrame } from "./receiver-types.js";
import { SequenceGate } from "./sequence-gate.js";
import type { StreamName } from "./stream-lock.js";
import { StreamProtection } from "./stream-protection.js";
import { StreamRepair } from "./stream-repair.js";

/** What a {@link ReceivedStream} is made from. */
export interface ReceivedStreamOptions extends StreamName {
  readonly codec: VideoCodec;
  readonly payloadType: number;
  readonly extensions: ExtensionMap;
  readonly hasParameterSets: boolean;
}

/** How a packet came. */
export interface Delivery {
  readonly arrival: Micros;
  /** As a retransmission: it tells nothing of the path. */
  readonly isRepair: boolean;
}

/** One stream as it is received: orders its packets, makes frames of them, and keeps what reports say about it. */
export class ReceivedStream implements StreamName {
  /** Where it comes from now. */
  remote: string;
  readonly ssrc: number;
  readonly codec: VideoCodec;
  readonly payloadType: number;
  readonly roundTrip = new RoundTrip();
  readonly repair: StreamRepair;
  private readonly bytes = new RateMeter();
  private bytesReceived = 0;
  private readonly extensions: ExtensionMap;
  private readonly assembler: FrameAssembler;
  private readonly protection: StreamProtection;
  private readonly clock = new ClockEstimate();
  private readonly frames = new RateMeter();
  private readonly playout = new PlayoutMeter();
  private jitter = new InterarrivalJitter(VIDEO_CLOCK_RATE);
  private reception = new Reception();
  private readonly backtrack = new BacktrackDetector();
  private gate = new SequenceGate();
  private unwrapper = new SequenceUnwrapper();
  /** The last packet that the gate held, or none. */
  private held: readonly { readonly packet: RtpPacket; readonly delivery: Delivery }[] = [];
  private lastReport: { readonly compact: number; readonly arrival: Micros } | undefined;

  constructor({ remote, ssrc, codec, payloadType, extensions, hasParameterSets }: ReceivedStreamOptions) {
    this.remote = remote;
    this.ssrc = ssrc;
    this.codec = codec;
    this.payloadType = payloadType;
    this.extensions = extensions;
    this.assembler = new FrameAssembler({
      depacketizer: createDepacketizer(codec),
      mayStartHeadless: hasParameterSets,
    });
    const { transportSequenceNumber } = extensions;
    this.protection = new StreamProtection({ mediaSsrc: ssrc, transportSequenceNumber });
    this.repair = new StreamRepair(this.assembler, this.roundTrip, this.protection);
  }

  /** Whether a media packet is beyond all that came. */
  isAhead(sequence: SequenceNumber): boolean {
    return this.gate.isAhead(sequence);
  }

  /** Takes in a media packet; a repair as the packet that it repeats. */
  receive(now: Micros, packet: RtpPacket, delivery: Delivery): void {
    if (delivery.isRepair && !this.gate.isNear(packet.sequenceNumber)) return;
    switch (this.gate.admit(packet.sequenceNumber)) {
      case "accept":
        this.accept(now, packet, delivery);
        break;
      case "hold":
        this.held = [{ packet, delivery }];
        break;
      case "restart":
        this.restart();
        for (const { packet: next, delivery: how } of [...this.held, { packet, delivery }]) {
          this.gate.admit(next.sequenceNumber);
          this.accept(now, next, how);
        }
        this.held = [];
        break;
    }
  }

  /** Takes in a repair packet that protects the stream. */
  receiveParity(now: Micros, packet: RtpPacket, arrival: Micros): void {
    const rebuilt = this.protection.onRepair(now, packet);
    const { highestSent } = this.protection;
    this.acceptRebuilt(now, rebuilt, arrival);
    if (highestSent !== undefined) this.noteHighestSent(now, highestSent);
  }

  /** The next complete frame. Call after each packet until there is none; then `repair.settle`. */
  pollFrame(now: Micros): ReceivedFrame | undefined {
    for (let output = this.assembler.poll(); output !== undefined; output = this.assembler.poll()) {
      if (output.kind === "frame") {
        this.frames.add(now, 1);
        this.playout.onFrame(now, output.frame);
        return this.toReceivedFrame(output.frame);
      }
      this.repair.needKeyframe(now);
    }
    return undefined;
  }

  /** What was handed out cannot be decoded. */
  requireKeyframe(): void {
    this.assembler.requireKeyframe();
  }

  /**
   * Takes in an RTCP packet from the stream's address.
   *
   * @param receiverSsrc - whose reference times an answer must be for to count
   * @returns whether the packet is about this stream
   */
  onRtcp(
    now: Micros,
    packet: RtcpPacket,
    { arrival, receiverSsrc }: { arrival: Micros; receiverSsrc: number },
  ): boolean {
    switch (packet.kind) {
      case "sender-report":
        if (packet.ssrc !== this.ssrc) return false;
        this.clock.onSenderReport(arrival, packet);
        this.lastReport = { compact: compactNtp(packet.ntp), arrival };
        return true;
      case "extended-report":
        if (packet.ssrc !== this.ssrc) return false;
        for (const block of packet.blocks) {
          if (block.kind === "dlrr") this.measureRoundTrip(arrival, block.items, receiverSsrc);
        }
        return true;
      case "unknown": {
        const highest = fromApplicationPacket(packet);
        if (highest?.ssrc !== this.ssrc) return false;
        this.noteHighestSent(now, highest.sequenceNumber);
        return true;
      }
      default:
        return false;
    }
  }

  /** What the next receiver report says of this stream. */
  reportBlock(now: Micros): ReportBlock {
    const { lastReport } = this;
    return {
      ssrc: this.ssrc,
      ...this.reception.report(),
      jitter: this.jitter.ticks,
      lastSr: lastReport?.compact ?? 0,
      delaySinceLastSr: lastReport === undefined ? micros(0) : elapsed(lastReport.arrival, now),
    };
  }

  /** Counts a datagram of the stream, whatever is in it. */
  countBytes(now: Micros, size: number): void {
    this.bytesReceived += size;
    this.bytes.add(now, size);
  }

  /** Counts since the stream started, and rates at `now`. */
  stats(now: Micros): Omit<ReceiverStatistics, "keyframesRequested" | "datagramsRejected"> {
    const { requests, reordered, repaired, reorderToleranceMs } = this.repair.stats(now);
    const { packetsRecovered, repairPacketsReceived } = this.protection.stats();
    const { framesDelivered, framesDropped, framesSkipped } = this.assembler.stats();
    return {
      ssrc: this.ssrc,
      packetsReceived: this.reception.packetsReceived,
      packetsLost: this.reception.packetsLost,
      packetsRepaired: repaired + packetsRecovered,
      packetsRebuilt: packetsRecovered,
      repairPacketsReceived,
      packetsReordered: reordered,
      packetsRequested: requests,
      bytesReceived: this.bytesReceived,
      bitrateBps: this.bytes.perSecond(now) * 8,
      framesReceived: framesDelivered,
      framesDropped,
      framesSkipped,
      framesHeld: this.playout.framesHeld,
      playoutDepthMs: toMillis(this.playout.depth(now)),
      framesPerSecond: this.frames.perSecond(now),
      roundTripMs: this.roundTrip.smoothedMs,
      jitterMs: this.jitter.milliseconds,
      reorderToleranceMs,
    };
  }

  private accept(now: Micros, packet: RtpPacket, { arrival, isRepair }: Delivery): void {
    let extendedSequence = this.unwrapper.unwrap(packet.sequenceNumber);
    if (extendedSequence >= (this.assembler.nextSequence ?? 0)) {
      this.backtrack.onTime(now);
    } else if (!isRepair && this.backtrack.late(now, extendedSequence)) {
      this.restart();
      this.gate.admit(packet.sequenceNumber);
      extendedSequence = this.unwrapper.unwrap(packet.sequenceNumber);
    }
    if (!isRepair) {
      this.reception.add(extendedSequence);
      this.jitter.add(arrival, packet.timestamp);
    }
    this.repair.onPacket(now, extendedSequence, { isRepair });
    this.insert(packet, extendedSequence, { arrival, isRepair });
    this.acceptRebuilt(now, this.protection.onMedia(packet), arrival);
  }

  /** What was rebuilt tells nothing of the path, and the decoder knows it already. */
  private acceptRebuilt(now: Micros, packets: readonly RtpPacket[], arrival: Micros): void {
    for (const packet of packets) {
      if (packet.payloadType !== this.payloadType || !this.gate.isNear(packet.sequenceNumber)) continue;
      this.gate.admit(packet.sequenceNumber);
      const extendedSequence = this.unwrapper.unwrap(packet.sequenceNumber);
      // Its original may still come, late because of this, and tell nothing of where the sender is.
      if (extendedSequence >= (this.assembler.nextSequence ?? 0)) this.backtrack.onTime(now);
      this.repair.onRebuilt(now, extendedSequence);
      this.insert(packet, extendedSequence, { arrival, isRepair: true });
    }
  }

  /** A number that is not near would disturb the unwrapper; if it is true, the stream's own packets will show it. */
  private noteHighestSent(now: Micros, sequence: SequenceNumber): void {
    if (this.gate.isNear(sequence)) this.repair.onHighestSent(now, this.unwrapper.unwrap(sequence));
  }

  private insert(packet: RtpPacket, extendedSequence: number, { arrival, isRepair }: Delivery): void {
    const { timestamp, marker, payload } = packet;
    const captureTime = this.captureTimeOf(packet);
    this.assembler.insert(arrival, {
      extendedSequence,
      timestamp,
      marker,
      payload,
      ...(captureTime !== undefined && { captureTime }),
      ...(isRepair && { recovered: true }),
    });
  }

  private measureRoundTrip(arrival: Micros, items: readonly DlrrItem[], receiverSsrc: number): void {
    for (const { ssrc, lastRr, delaySinceLastRr } of items) {
      if (ssrc !== receiverSsrc) continue;
      const sample = roundTripTime(arrival, { lastReport: lastRr, delay: delaySinceLastRr });
      if (sample !== undefined) this.roundTrip.add(sample);
    }
  }

  /** When the packet's frame was captured, in the sender's clock, if it says so. */
  private captureTimeOf({ extensions }: RtpPacket): Micros | undefined {
    const id = this.extensions.absCaptureTime;
    const data = id === undefined ? undefined : findExtension(extensions, id);
    const stated = data && readAbsCaptureTime(data);
    return stated && later(stated.captureTime, stated.clockOffset ?? micros(0));
  }

  private restart(): void {
    this.gate = new SequenceGate();
    this.unwrapper = new SequenceUnwrapper();
    this.reception = new Reception();
    this.jitter = new InterarrivalJitter(VIDEO_CLOCK_RATE);
    this.assembler.reset();
    this.repair.reset();
    this.protection.reset();
  }

  private toReceivedFrame(frame: AssembledFrame): ReceivedFrame {
    const { data, keyframe, timestamp, firstArrival, lastArrival, recovered } = frame;
    const captured = this.clock.captureTime(frame, this.roundTrip.minimum);
    return {
      codec: this.codec,
      data,
      keyframe,
      captureTime: captured.at,
      captureTimeKnown: captured.known,
      rtpTimestamp: timestamp,
      firstArrival,
      lastArrival,
      repaired: recovered,
    };
  }
}
