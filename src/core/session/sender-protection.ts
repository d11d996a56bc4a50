import { createFecEncoder, type FecEncoder, type FecOptions, FecPolicy } from "../fec/index.js";
import type { Rng } from "../random.js";
import type { TransportFeedback } from "../rtcp/index.js";
import { type RtpPacket, sequenceNumber } from "../rtp/index.js";
import { elapsed, type Micros, millis } from "../time.js";
import { PathLosses } from "./path-losses.js";

/** How often the redundancy is decided anew. */
const DECISION_INTERVAL = millis(100);
/** How late repair may make a frame: a little more than the interval of 30 frames per second. */
const FRAME_DEADLINE = millis(38);
/** Receivers whose losses are followed; those of a multicast group that lose the most decide. */
const MAX_RECEIVERS = 16;

/** The repair stream and what it protects. */
export interface SenderProtectionOptions {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly mediaSsrc: number;
  /** How the repair packets are made; default Reed-Solomon. */
  readonly fec?: FecOptions;
  readonly rng: Rng;
}

/** Protects the frames of one stream with as many repair packets as the path's losses call for. */
export class SenderProtection {
  private readonly encoder: FecEncoder;
  private readonly policy = new FecPolicy({ frameDeadline: FRAME_DEADLINE });
  private readonly losses = new Map<number, PathLosses>();
  private decidedAt: Micros | undefined;

  constructor({ rng, fec = { scheme: "reed-solomon" }, ...streams }: SenderProtectionOptions) {
    const firstSequenceNumber = sequenceNumber(rng.uint32());
    this.encoder = createFecEncoder(fec, { ...streams, firstSequenceNumber });
  }

  /** The repair packets of the next frame, to be sent after it. */
  protect(now: Micros, packets: readonly RtpPacket[]): RtpPacket[] {
    const repairs = this.encoder.protect(packets, this.policy.repairPackets(packets.length));
    this.policy.onFrame(now, { mediaBytes: bytesOf(packets), repairBytes: bytesOf(repairs) });
    return repairs;
  }

  /** A receiver told what arrived. What is lost while `isCongested` does not count: redundancy would make it more. */
  onFeedback(
    now: Micros,
    feedback: TransportFeedback,
    { roundTripUpper, isCongested }: { readonly roundTripUpper: Micros | undefined; readonly isCongested: boolean },
  ): void {
    this.lossesAt(feedback.senderSsrc)?.onFeedback(now, feedback);
    if (this.decidedAt !== undefined && elapsed(this.decidedAt, now) < DECISION_INTERVAL) return;
    this.decidedAt = now;
    const observations = [...this.losses.values()].map((losses) => losses.take());
    if (isCongested) return;
    const worst = observations.reduce((most, next) => (next.lost > most.lost ? next : most));
    this.policy.update(now, worst, roundTripUpper);
  }

  /** The part of what is sent that is repair packets: 0 … 1. */
  get repairShare(): number {
    return this.policy.repairShare;
  }

  private lossesAt(receiver: number): PathLosses | undefined {
    const known = this.losses.get(receiver);
    if (known !== undefined || this.losses.size >= MAX_RECEIVERS) return known;
    const losses = new PathLosses();
    this.losses.set(receiver, losses);
    return losses;
  }
}

function bytesOf(packets: readonly RtpPacket[]): number {
  return packets.reduce((sum, { payload }) => sum + payload.length, 0);
}
