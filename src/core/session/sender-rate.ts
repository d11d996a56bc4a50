import type { CongestionController, SentPacket } from "../congestion/index.js";
import type { PacedPacket, Pacer } from "../pacer/index.js";
import { elapsed, later, type Micros, micros } from "../time.js";
import { Prober } from "./prober.js";

/** The encoder is told of a lower target because of repair packets only if it changes by this part. */
const LEAST_TARGET_CHANGE = 0.05;
/** However much protection a path would need, this part of the target is the encoder's. */
const LEAST_ENCODER_PART = 0.5;

/** What a sender has to see to after a look at its path. */
export interface RateDecision {
  /** What the path carries of this stream, in bits/s. */
  readonly targetBitrateBps: number;
  /** What the encoder is to use from now on, in bits/s; undefined if that stays. */
  readonly encoderBitrateBps: number | undefined;
  /** When to look again. */
  readonly validUntil: Micros;
}

/** Puts into force what congestion control decides: the pace, probes, and what is left of the target for the encoder. */
export class SenderRate {
  private readonly congestion: CongestionController;
  private readonly pacer: Pick<Pacer<PacedPacket>, "setRate" | "backlog">;
  private readonly prober = new Prober();
  private target: number;
  /** What the encoder was told: the target without the repair packets. */
  private encoderBitrateBps: number;
  private pacingRateBps: number;
  /** When the path's queue will be empty. */
  private pathFreeAt = micros(0);

  constructor(congestion: CongestionController, pacer: Pick<Pacer<PacedPacket>, "setRate" | "backlog">) {
    const { targetBitrateBps, pacingRateBps } = congestion.stats();
    this.congestion = congestion;
    this.pacer = pacer;
    this.target = targetBitrateBps;
    this.encoderBitrateBps = targetBitrateBps;
    this.pacingRateBps = pacingRateBps;
  }

  /** What the path carries of this stream, in bits/s. */
  get targetBitrateBps(): number {
    return this.target;
  }

  /** How long what waits, in the pacer and in a queue on the path, will take to leave. */
  backlog(now: Micros): Micros {
    return later(this.pacer.backlog(), micros(Math.max(elapsed(now, this.pathFreeAt), 0)));
  }

  /** A packet leaves. */
  onSent(now: Micros, packet: Omit<SentPacket, "probeId">): void {
    const probeId = this.prober.onSent(packet.sizeBytes);
    this.congestion.onPacketSent(now, { ...packet, ...(probeId !== undefined && { probeId }) });
    if (probeId !== undefined) this.setPace(); // the probe may be over
  }

  /** Whether a probe wants to be fed. */
  wantsPadding(now: Micros): boolean {
    return this.prober.paddingDue(now) > 0;
  }

  /** When a probe wants to be fed next. */
  nextPadding(now: Micros): Micros {
    return this.prober.nextTimeout(now);
  }

  /**
   * Does what congestion control has decided.
   *
   * @param repairBps - what making up for losses takes: it is not there for the encoder
   */
  follow(now: Micros, repairBps: number): RateDecision {
    const { targetBitrateBps, pacingRateBps, probe, pathBacklog, validUntil } = this.congestion.decision(now);
    this.prober.follow(now, probe);
    this.pacingRateBps = pacingRateBps;
    this.setPace();
    this.pathFreeAt = later(now, pathBacklog);
    const encoderBitrateBps = this.encoderPart(targetBitrateBps, repairBps);
    this.target = targetBitrateBps;
    return { targetBitrateBps, encoderBitrateBps, validUntil };
  }

  private encoderPart(targetBitrateBps: number, repairBps: number): number | undefined {
    const isNewTarget = targetBitrateBps !== this.target;
    const bitrateBps = Math.max(targetBitrateBps - repairBps, targetBitrateBps * LEAST_ENCODER_PART);
    const change = Math.abs(bitrateBps - this.encoderBitrateBps) / this.encoderBitrateBps;
    if (bitrateBps === this.encoderBitrateBps || (!isNewTarget && change < LEAST_TARGET_CHANGE)) return undefined;
    this.encoderBitrateBps = bitrateBps;
    return bitrateBps;
  }

  private setPace(): void {
    this.pacer.setRate(Math.max(this.pacingRateBps, this.prober.rateBps));
  }
}
