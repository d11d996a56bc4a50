import { RateMeter, type SenderStatistics } from "../statistics/index.js";
import type { Micros } from "../time.js";

/**
 * What a packet is sent for: `media` is new; a `retransmission` was sent before; a `repair` packet protects others. What lies
 * over the video, and padding, are `other`.
 */
export type SentPurpose = "media" | "retransmission" | "repair" | "other";

/** The part of the statistics that counts what was sent. */
export type SentStatistics = Pick<
  SenderStatistics,
  | "framesSent"
  | "packetsSent"
  | "packetsRetransmitted"
  | "repairPacketsSent"
  | "bytesSent"
  | "bitrateBps"
  | "retransmissionBps"
  | "repairBps"
>;

/** Counts what a sender sends, and how fast. */
export class SentCounters {
  private readonly all = new RateMeter();
  private readonly rates = { retransmission: new RateMeter(), repair: new RateMeter() };
  private readonly packets: Record<SentPurpose, number> = { media: 0, retransmission: 0, repair: 0, other: 0 };
  private frames = 0;
  private bytes = 0;

  /** A frame was packetized. */
  addFrame(): void {
    this.frames += 1;
  }

  /** A packet leaves as a datagram of `sizeBytes`. */
  addPacket(now: Micros, purpose: SentPurpose, sizeBytes: number): void {
    this.packets[purpose] += 1;
    this.bytes += sizeBytes;
    this.all.add(now, sizeBytes);
    if (purpose === "retransmission" || purpose === "repair") this.rates[purpose].add(now, sizeBytes);
  }

  /** What it takes to make up for losses, in bits/s: retransmissions and repair packets. */
  repairBps(now: Micros): number {
    return Math.round((this.rates.repair.perSecond(now) + this.rates.retransmission.perSecond(now)) * 8);
  }

  /** What was sent so far, and the rates at `now`. */
  stats(now: Micros): SentStatistics {
    return {
      framesSent: this.frames,
      packetsSent: this.packets.media,
      packetsRetransmitted: this.packets.retransmission,
      repairPacketsSent: this.packets.repair,
      bytesSent: this.bytes,
      bitrateBps: this.all.perSecond(now) * 8,
      retransmissionBps: this.rates.retransmission.perSecond(now) * 8,
      repairBps: this.rates.repair.perSecond(now) * 8,
    };
  }
}
