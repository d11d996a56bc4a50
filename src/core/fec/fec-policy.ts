import { elapsed, type Micros, millis } from "../time.js";
import { blockCount } from "./block-repair.js";
import { LossEstimator, type LossObservation } from "./loss-estimator.js";
import { type LossProcess, probabilityOfMoreLost } from "./loss-model.js";

/** Of all frames, the part that may be late because of loss: an interactive viewer's 95th percentile stays clear of it. */
const LATE_FRAMES = 0.04;
/** Of all frames, the part that may hold the picture up for so long that a viewer sees it stop: one in a minute. */
const FREEZING_FRAMES = 0.0005;
/** So long is 150 ms, less what passes until it is noticed and until the wake-ups of both ends. */
const FREEZE_DEADLINE = millis(130);
/** What passes on average before a loss is noticed and its request leaves: reordering tolerance and pacing. */
const DETECTION = millis(6);
/** Requests that are counted on; more of them are as likely to fail for one common reason. */
const MAX_ROUNDS = 3;
/** Loss below this is repaired by request alone whatever the round trip: it is rarer than an estimate can tell. */
const LEAST_RATE = 0.002;
/** Of large frames, repair packets are at most this part … */
const MAX_REDUNDANCY = 0.6;
/** … and small frames may have this many: their bytes hardly count. */
const SMALL_FRAME_REPAIRS = 4;
/** The frame by which conditions are compared. */
const TYPICAL_PACKETS = 8;
/** Conditions this much worse are followed at once … */
const WORSE = 1.15;
/** … and those this much better once they have held for a while, so that redundancy does not flutter. */
const BETTER = 0.7;
const BETTER_FOR = millis(1_000);
/** Over which the share of repair packets is averaged. */
const SHARE_HALF_LIFE = millis(500);

/** What a policy must know from the start. */
export interface FecPolicyOptions {
  /** How late a frame may be because of repair without that being a fault: about a frame interval. */
  readonly frameDeadline: Micros;
  /** Between frames. Default: that of 30 frames a second. */
  readonly frameInterval?: Micros;
}

/** What a policy has decided, and why. */
export interface FecPolicyStatistics {
  /** The loss that is reckoned with. */
  readonly lossRate: number;
  readonly meanBurstLength: number;
  /** Requests whose answers can be in before the deadline. */
  readonly retransmissionRounds: number;
  /** The part of frames that may be left unrepaired. */
  readonly targetResidual: number;
  /** Repair packets for a frame of 8 packets. */
  readonly repairPacketsOfEight: number;
  /** The part of what is sent that is repair packets: 0 … 1. */
  readonly repairShare: number;
}

/** Of frames that neither their repair packets nor so many rounds of retransmission repair, at most this part. */
interface Goal {
  readonly rounds: number;
  readonly target: number;
}

interface Conditions {
  readonly loss: LossProcess;
  /** Few frames are late. */
  readonly late: Goal;
  /** Hardly any freezes the picture. */
  readonly freezing: Goal;
  /** How many times more typical frames would miss a goal without FEC than may. */
  readonly severity: number;
}

const NO_GOAL: Goal = { rounds: 0, target: 1 };
const CLEAN: Conditions = { loss: { rate: 0, meanBurst: 1 }, late: NO_GOAL, freezing: NO_GOAL, severity: 0 };

/**
 * Decides how many repair packets protect a frame: as few as keep the part of the frames that neither they nor a
 * retransmission repairs in time below a target. None on a clean path, and none where retransmissions are in time.
 */
export class FecPolicy {
  private readonly frameDeadline: Micros;
  private readonly frameInterval: Micros;
  private readonly estimator = new LossEstimator();
  private conditions = CLEAN;
  private betterSince: Micros | undefined;
  /** Decisions by packets per frame, while conditions hold. */
  private readonly decided = new Map<number, number>();
  private readonly sent = { media: 0, repair: 0, at: undefined as Micros | undefined };

  constructor({ frameDeadline, frameInterval = millis(33.3) }: FecPolicyOptions) {
    this.frameDeadline = frameDeadline;
    this.frameInterval = frameInterval;
  }

  /**
   * What is known of the path, every 100 ms or so.
   *
   * @param observation - of packets since the call before
   * @param roundTrip - with few exceptions; undefined while not known, and then no retransmission is counted on
   */
  update(now: Micros, observation: LossObservation, roundTrip: Micros | undefined): void {
    this.estimator.observe(now, observation);
    const wanted = this.assess(this.estimator.estimate(), roundTrip);
    const { severity } = this.conditions;
    if (wanted.severity > severity * WORSE) {
      this.adopt(wanted);
    } else if (wanted.severity >= severity * BETTER) {
      this.betterSince = undefined;
    } else {
      this.betterSince ??= now;
      if (elapsed(this.betterSince, now) >= BETTER_FOR) this.adopt(wanted);
    }
  }

  /** How many repair packets a frame of so many packets should have. */
  repairPackets(mediaPackets: number): number {
    let repairs = this.decided.get(mediaPackets);
    if (repairs === undefined) {
      repairs = repairPacketsFor(mediaPackets, this.conditions);
      this.decided.set(mediaPackets, repairs);
    }
    return repairs;
  }

  /** A frame was sent. Bytes are those on the wire. */
  onFrame(
    now: Micros,
    { mediaBytes, repairBytes }: { readonly mediaBytes: number; readonly repairBytes: number },
  ): void {
    const { sent } = this;
    const fade = sent.at === undefined ? 0 : 2 ** (-elapsed(sent.at, now) / SHARE_HALF_LIFE);
    sent.media = sent.media * fade + mediaBytes;
    sent.repair = sent.repair * fade + repairBytes;
    sent.at = now;
  }

  /** The part of what is sent that is repair packets; the rest of the target bitrate is the encoder's. */
  get repairShare(): number {
    const { media, repair } = this.sent;
    return media + repair === 0 ? 0 : repair / (media + repair);
  }

  /** {@link FecPolicyStatistics} as of now. */
  stats(): FecPolicyStatistics {
    const { loss, late } = this.conditions;
    return {
      lossRate: loss.rate,
      meanBurstLength: loss.meanBurst,
      retransmissionRounds: late.rounds,
      targetResidual: late.target,
      repairPacketsOfEight: this.repairPackets(8),
      repairShare: this.repairShare,
    };
  }

  private adopt(conditions: Conditions): void {
    this.conditions = conditions;
    this.betterSince = undefined;
    this.decided.clear();
  }

  private assess(loss: LossProcess, roundTrip: Micros | undefined): Conditions {
    if (loss.rate < LEAST_RATE) return CLEAN;
    // A frame that waits for a retransmission holds up those behind it.
    const wait = (roundTrip ?? this.frameDeadline) + DETECTION;
    const late = {
      rounds: roundsWithin(this.frameDeadline, roundTrip),
      target: LATE_FRAMES / (1 + wait / this.frameInterval),
    };
    const freezing = { rounds: roundsWithin(FREEZE_DEADLINE, roundTrip), target: FREEZING_FRAMES };
    const severities = [late, freezing].map((goal) => residual(TYPICAL_PACKETS, 0, loss, goal) / goal.target);
    return { loss, late, freezing, severity: Math.max(...severities) };
  }
}

/** How often a packet can be asked for and sent again until then. */
function roundsWithin(deadline: Micros, roundTrip: Micros | undefined): number {
  if (roundTrip === undefined) return 0;
  const rounds = Math.floor((deadline - DETECTION) / Math.max(roundTrip, 1));
  return Math.min(Math.max(rounds, 0), MAX_ROUNDS);
}

/** The least repair packets that meet the goals, within bounds; whole rounds of one for each block. */
function repairPacketsFor(packets: number, { loss, late, freezing }: Conditions): number {
  const blocks = blockCount(packets);
  const most = Math.max(Math.ceil(packets * MAX_REDUNDANCY), SMALL_FRAME_REPAIRS);
  for (let repairs = 0; repairs < most; repairs += blocks) {
    if ([late, freezing].every((goal) => residual(packets, repairs, loss, goal) <= goal.target)) return repairs;
  }
  return most;
}

/** The probability that a frame is repaired in time neither by its repair packets nor by retransmissions. */
function residual(packets: number, repairs: number, loss: LossProcess, { rounds }: Goal): number {
  const stride = blockCount(packets);
  const tolerated = Math.floor(repairs / stride);
  const block = Math.ceil(packets / stride) + tolerated;
  const blockFails = probabilityOfMoreLost(loss, { packets: block, tolerated, stride });
  const frameFails = 1 - (1 - blockFails) ** stride;
  if (rounds === 0) return frameFails;
  // A round fails if its request or its answer is lost; at least one packet more is missing than parity could repair.
  const roundFails = 1 - (1 - loss.rate) ** 2;
  const retransmissionsFail = 1 - (1 - roundFails ** rounds) ** (tolerated + 1);
  return frameFails * retransmissionsFail;
}
