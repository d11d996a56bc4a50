import { elapsed, type Micros, millis } from "../time.js";
import type { LossProcess } from "./loss-model.js";

/** Loss comes and goes; what was seen counts half after this. */
const LONG_HALF_LIFE = millis(4_000);
/** For its onset: a change this recent counts if it cannot be chance. */
const SHORT_HALF_LIFE = millis(400);
/** Standard deviations by which recent loss must exceed what chance makes of few packets. */
const CONFIDENCE = 2;
/** Fewer packets than this say little. */
const LEAST_PACKETS = 40;
/**
 * One run of losses is followed for five seconds: where that calls for repair packets at all, the next one would hold the
 * picture up, and few of them are needed.
 */
const LEAST_RUNS = 0.4;

/** What became of packets sent since the observation before. */
export interface LossObservation {
  readonly packets: number;
  readonly lost: number;
  /** Runs of lost packets, each of one or more. */
  readonly lossRuns: number;
}

/** Counts that fade. */
class FadingCounts {
  packets = 0;
  lost = 0;
  lossRuns = 0;
  private readonly halfLife: Micros;

  constructor(halfLife: Micros) {
    this.halfLife = halfLife;
  }

  add(passed: Micros, { packets, lost, lossRuns }: LossObservation): void {
    const fade = 2 ** (-passed / this.halfLife);
    this.packets = this.packets * fade + packets;
    this.lost = this.lost * fade + lost;
    this.lossRuns = this.lossRuns * fade + lossRuns;
  }
}

/** Estimates how a path loses packets: steadily over seconds, and at once when loss sets in. */
export class LossEstimator {
  private readonly long = new FadingCounts(LONG_HALF_LIFE);
  private readonly short = new FadingCounts(SHORT_HALF_LIFE);
  private observedAt: Micros | undefined;

  /** Takes in what was learnt since the call before. */
  observe(now: Micros, observation: LossObservation): void {
    const passed = this.observedAt === undefined ? millis(0) : elapsed(this.observedAt, now);
    this.observedAt = now;
    this.long.add(passed, observation);
    this.short.add(passed, observation);
  }

  /** The path as it appears now. */
  estimate(): LossProcess {
    const { long, short } = this;
    const meanBurst = long.lossRuns > 0 ? Math.max(long.lost / long.lossRuns, 1) : 1;
    if (long.lossRuns < LEAST_RUNS) return { rate: 0, meanBurst };
    const steady = long.lost / Math.max(long.packets, LEAST_PACKETS);
    if (short.packets < LEAST_PACKETS / 4) return { rate: steady, meanBurst };
    const recent = short.lost / short.packets;
    // Losses in bursts are as uncertain as so many fewer packets.
    const deviation = Math.sqrt((recent * (1 - recent) * meanBurst) / short.packets);
    const sure = recent - CONFIDENCE * deviation;
    return { rate: Math.min(Math.max(steady, sure), 1), meanBurst };
  }
}
