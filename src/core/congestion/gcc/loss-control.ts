import { elapsed, type Micros, millis, seconds } from "../../time.js";

/** Losses are judged over at least this time and so many packets, */
const WINDOW = millis(500);
const WINDOW_PACKETS = 20;
/** or over this time if there are few. */
const LONGEST_WINDOW = seconds(2);
/** Less loss than this lets the rate grow, more than that makes it fall (draft-ietf-rmcat-gcc-02 §6). */
const LOW_LOSS = 0.02;
const HIGH_LOSS = 0.1;
/** How much of the loss is taken off the rate (draft §6: 0.5). */
const DECREASE = 0.5;
/** Growth of a cap that losses have set, a second (draft §6: 1.05 a report; libwebrtc: 1.08 a second). */
const GROWTH_PER_SECOND = 1.08;
/** While the loss does not come with the rate, a cap that turned out to be needless is given up soon. */
const RELEASE_PER_SECOND = 1.5;
/** Part of what is seen to get through that surely does: no cap is lower, and a trial is no higher. */
const DELIVERED_PART = 0.9;
/** The loss that remains at the lower rate, as part of the loss before, below which the rate was the cause. */
const CAUSED_BY_RATE = 0.5;
/** A policer was found: from now on this much loss beyond the inherent one is its doing. */
const POLICED_LOSS = 0.05;
const TRIAL_INTERVAL = seconds(5);
/** Losses that end with a trial may have ended by themselves, as those of a stall do: two trials in this time make a policer. */
const SUSPICION = seconds(10);
/** What was sent before the trial is still being lost so long. */
const TRIAL_SETTLING = millis(400);
/** In a few packets, chance may well lose several times as many as the path does in the long run. */
const CHANCE = 3;
/** Weight of a window in the inherent loss; more than half is no path to send on. */
const INHERENT_GAIN = 0.15;
const MAX_INHERENT = 0.5;

/** What happened to packets since the observation before. */
export interface LossObservation {
  readonly packets: number;
  readonly lost: number;
  /** A queue stood while they were under way. */
  readonly isQueued: boolean;
  readonly targetBps: number;
  /** What gets through, pauses included. */
  readonly acknowledgedBps: number;
  /** What got through in the last train of packets, if there was one. */
  readonly trainBps: number | undefined;
  readonly isApplicationLimited: boolean;
}

/**
 * Caps the rate when losses say so (draft-ietf-rmcat-gcc-02 §6), and tells losses of congestion from those of a bad radio
 * link. Congestion has a queue, or else it follows the rate (a policer): much loss without a queue leads to a trial at a
 * lower rate. If the loss remains it is inherent to the path, and from then on only what exceeds it counts.
 */
export class LossControl {
  private current: { since: Micros; packets: number; lost: number; lostQueued: number } | undefined;
  private inherent = 0;
  private lastFraction = 0;
  private cap = Number.POSITIVE_INFINITY;
  private isPoliced = false;
  private trial: { readonly lossBefore: number; readonly since: Micros } | undefined;
  private lastTrial: Micros | undefined;
  /** When a trial first ended the losses. */
  private suspectedAt: Micros | undefined;

  /** No more than this may be sent; infinite if losses set no bound. */
  get capBps(): number {
    return this.cap;
  }

  /** Share of the packets lost in the last window. */
  get fraction(): number {
    return this.lastFraction;
  }

  /** Whether losses keep the rate from growing. */
  get isLimiting(): boolean {
    return this.cap !== Number.POSITIVE_INFINITY;
  }

  /** Whether a probe would show nothing, because its packets are lost, or because a policer lets short bursts pass. */
  get hidesCapacity(): boolean {
    return this.isLimiting && (this.isTesting || this.lastFraction - this.inherent > LOW_LOSS);
  }

  /** A probe got through at this rate: what capped the rate below it, as a stall of a radio link whose queue ran over, is past. */
  onProbe(rateBps: number): void {
    if (rateBps > this.cap && !this.isTesting) this.release();
  }

  /** Whether so many losses are more than chance has it on this path. */
  isCongestion(lost: number, packets: number): boolean {
    return lost > packets * this.inherent * CHANCE;
  }

  /** Takes in an observation. */
  update(now: Micros, observation: LossObservation): void {
    if (this.trial !== undefined && elapsed(this.trial.since, now) < TRIAL_SETTLING) return;
    this.current ??= { since: now, packets: 0, lost: 0, lostQueued: 0 };
    const { current } = this;
    current.packets += observation.packets;
    current.lost += observation.lost;
    if (observation.isQueued) current.lostQueued += observation.lost;
    const span = elapsed(current.since, now);
    if (span < WINDOW || (current.packets < WINDOW_PACKETS && span < LONGEST_WINDOW)) return;
    this.current = undefined;
    if (current.packets === 0) return;
    this.lastFraction = current.lost / current.packets;
    this.judge(now, span / 1e6, current.lostQueued > current.lost / 2, observation);
  }

  private judge(now: Micros, seconds: number, isQueued: boolean, observation: LossObservation): void {
    const loss = this.lastFraction;
    const excess = loss - this.inherent;
    if (this.trial !== undefined) {
      this.endTrial(now, loss);
    } else if (isQueued && excess > HIGH_LOSS) {
      const lowerBps = Math.min(this.cap, observation.targetBps) * (1 - DECREASE * excess);
      this.cap = Math.min(
        this.cap,
        Math.max(lowerBps, (observation.trainBps ?? observation.acknowledgedBps) * DELIVERED_PART),
      );
    } else if (isQueued && excess > LOW_LOSS) {
      this.cap = Math.min(this.cap, observation.targetBps);
    } else if (!isQueued && excess > HIGH_LOSS && observation.isApplicationLimited) {
      this.learn(loss, 0.5); // so little cannot have caused it
    } else if (!isQueued && excess > (this.isPoliced ? POLICED_LOSS : HIGH_LOSS) && this.mayTry(now)) {
      this.trial = { lossBefore: loss, since: now };
      this.lastTrial = now;
      this.cap = Math.min(this.cap, observation.acknowledgedBps * DELIVERED_PART);
    } else {
      if (!isQueued) this.learn(loss, INHERENT_GAIN);
      this.cap *= (isQueued || this.isPoliced ? GROWTH_PER_SECOND : RELEASE_PER_SECOND) ** seconds;
      if (this.cap > observation.targetBps * 2) this.release();
    }
  }

  /** Whether the losses are, or may be, those of a policer. */
  private get isTesting(): boolean {
    return this.isPoliced || this.trial !== undefined;
  }

  private mayTry(now: Micros): boolean {
    return (
      this.isPoliced ||
      this.isSuspected(now) ||
      this.lastTrial === undefined ||
      elapsed(this.lastTrial, now) >= TRIAL_INTERVAL
    );
  }

  private endTrial(now: Micros, loss: number): void {
    const isCausedByRate = loss < this.trial!.lossBefore * CAUSED_BY_RATE;
    this.trial = undefined;
    if (isCausedByRate) {
      this.isPoliced = this.isPoliced || this.isSuspected(now);
      this.suspectedAt = now;
      return;
    }
    this.isPoliced = false;
    this.suspectedAt = undefined;
    this.learn(loss, 1);
    this.release();
  }

  private isSuspected(now: Micros): boolean {
    return this.suspectedAt !== undefined && elapsed(this.suspectedAt, now) < SUSPICION;
  }

  private learn(loss: number, gain: number): void {
    this.inherent = Math.min(this.inherent + gain * (loss - this.inherent), MAX_INHERENT);
  }

  private release(): void {
    this.cap = Number.POSITIVE_INFINITY;
    this.isPoliced = false;
  }
}
