import { createFecEncoder, type FecEncoder, type FecOptions, FecPolicy } from "../fec/index.js";
import type { Rng } from "../random.js";
import type { TransportFeedback } from "../rtcp/index.js";
import { type RtpPacket, type SequenceNumber, sequenceNumber } from "../rtp/index.js";
import { elapsed, type Micros, millis, seconds } from "../time.js";
import { PathLosses } from "./path-losses.js";
import type { RtpSenderOptions } from "./sender-types.js";

/** How often the redundancy is decided anew. */
const DECISION_INTERVAL = millis(100);
/** How late repair may make a frame: a little more than the interval of 30 frames per second. */
const FRAME_DEADLINE = millis(38);
/** Receivers whose losses are followed; those of a multicast group that lose the most decide. */
const MAX_RECEIVERS = 16;
/** One that says nothing for so long makes room for another. */
const RECEIVER_TIMEOUT = seconds(2);

/** The repair stream and what it protects. */
export interface SenderProtectionOptions {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly mediaSsrc: number;
  /** How the repair packets are made; default Reed-Solomon. */
  readonly fec?: FecOptions;
  readonly rng: Rng;
}

/** What else is known of the path when feedback comes. */
export interface PathConditions {
  readonly roundTripUpper: Micros | undefined;
  readonly isCongested: boolean;
  /** The transport-wide sequence number of the last packet that left. */
  readonly newestSent: SequenceNumber;
}

/** Protects the frames of one stream with as many repair packets as the path's losses call for. */
export class SenderProtection {
  private readonly encoder: FecEncoder;
  private readonly policy = new FecPolicy({ frameDeadline: FRAME_DEADLINE });
  /** By receiver, the one first that was heard longest ago. */
  private readonly losses = new Map<number, { readonly path: PathLosses; readonly heardAt: Micros }>();
  private decidedAt: Micros | undefined;

  constructor({ rng, fec = { scheme: "reed-solomon" }, ...streams }: SenderProtectionOptions) {
    const firstSequenceNumber = sequenceNumber(rng.uint32());
    this.encoder = createFecEncoder(fec, { ...streams, firstSequenceNumber });
  }

  /** What a sender's options ask for; undefined if they name no repair stream. */
  static of(options: RtpSenderOptions): SenderProtection | undefined {
    const { ssrc, fecSsrc, fecPayloadType, rng, fec = { scheme: "reed-solomon" }, extensions } = options;
    if (fecSsrc === undefined || fecPayloadType === undefined) return undefined;
    const { transportSequenceNumber } = extensions;
    const streams = { ssrc: fecSsrc, payloadType: fecPayloadType, mediaSsrc: ssrc };
    return new SenderProtection({ ...streams, fec: { ...fec, transportSequenceNumber }, rng });
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
    { roundTripUpper, isCongested, newestSent }: PathConditions,
  ): void {
    this.lossesAt(now, feedback.senderSsrc)?.onFeedback(now, feedback, newestSent);
    if (this.decidedAt !== undefined && elapsed(this.decidedAt, now) < DECISION_INTERVAL) return;
    this.decidedAt = now;
    const observations = [...this.losses.values()].map(({ path }) => path.take());
    if (isCongested || observations.length === 0) return;
    const worst = observations.reduce((most, next) => (next.lost > most.lost ? next : most));
    this.policy.update(now, worst, roundTripUpper);
  }

  /** The part of what is sent that is repair packets: 0 … 1. */
  get repairShare(): number {
    return this.policy.repairShare;
  }

  private lossesAt(now: Micros, receiver: number): PathLosses | undefined {
    const known = this.losses.get(receiver);
    const [longestSilent] = this.losses;
    if (known === undefined && longestSilent !== undefined && this.losses.size >= MAX_RECEIVERS) {
      if (elapsed(longestSilent[1].heardAt, now) < RECEIVER_TIMEOUT) return undefined;
      this.losses.delete(longestSilent[0]);
    }
    const path = known?.path ?? new PathLosses();
    this.losses.delete(receiver);
    this.losses.set(receiver, { path, heardAt: now });
    return path;
  }
}

function bytesOf(packets: readonly RtpPacket[]): number {
  return packets.reduce((sum, { payload }) => sum + payload.length, 0);
}
