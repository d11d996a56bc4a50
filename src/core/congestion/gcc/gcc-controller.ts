import type { TransportFeedback } from "../../rtcp/index.js";
import { earliest, elapsed, later, type Micros, micros, millis, seconds, toMillis } from "../../time.js";
import type {
  CongestionController,
  CongestionDecision,
  CongestionStatistics,
  PathReport,
  SentPacket,
} from "../congestion-controller.js";
import { AnswerWatch } from "./answer-watch.js";
import { ApplicationLimit } from "./application-limit.js";
import { type BitrateDecision, decideBitrate } from "./bitrate-decision.js";
import { LossControl } from "./loss-control.js";
import { PacketFeedbackMatcher } from "./packet-feedback.js";
import { PathMeasurement } from "./path-measurement.js";
import { type ProbeContext, ProbeController } from "./probe-controller.js";
import { RateControl } from "./rate-control.js";

/** A video of less is no video. */
const DEFAULT_MIN_BPS = 150e3;
const DEFAULT_MAX_BPS = 50e6;
/** Where nobody answers: what senders without congestion control commonly send, and a home's Wi-Fi carries. */
const DEFAULT_UNANSWERED_BPS = 8e6;
/** The fastest probe. A path that carries this needs no finer measure: a frame of 300 kB is through in 12 ms. */
const CEILING_BPS = 200e6;
/** A round trip that is not known (draft-ietf-rmcat-gcc-02 leaves it open; libwebrtc: 200 ms). */
const DEFAULT_ROUND_TRIP = millis(100);
/** Large enough that a loss of it was not chance, and no more than other flows' frames passing by. */
const NOTABLE_QUEUE = millis(15);
/**
 * A frame that is large at once (a page that flips) leaves at the pace of what is known, not of what the encoder may use. Measured
 * over loopback with a cap of 60 Mb/s: 1.25 lets it rest at some 100 Mb/s, and a flip is seen after 119 ms instead of 77.
 */
const WANTED_HEADROOM = 2.5;
/** Feedback that fails to come must not stop the stream: that is the answer watch's matter. */
const LONGEST_BACKLOG = millis(500);
/** BBR loses packets of all for seconds until it knows the path, and does not mind: no reason to leave it our share. */
const LEAST_SHARE_PART = 0.5;
/** Losses become known so long after the queue that caused them, at most. */
const CONGESTED_FOR = millis(300);
/** The decision is looked at again after so long at the latest. */
const DECISION_INTERVAL = seconds(1);
/** Without packets there is nothing to probe with, and no need. */
const LEAST_PROBING_BPS = 10e3;
/** Another receiver's feedback counts after so long without any of the one that is followed. */
const RECEIVER_TIMEOUT = seconds(1);
/** Round trips grow by more than this only in queues: tells congestion where only reports come. */
const REPORTED_QUEUE = millis(25);
/** Reports come without packet counts; so many packets stand for one. */
const REPORT_PACKETS = 100;

/** Settings of {@link GccController}. */
export interface GccOptions {
  /** Before anything is known of the path. Receivers without transport feedback get no more than this. */
  readonly startBitrateBps: number;
  /** Never less; default 150 kb/s. */
  readonly minBitrateBps?: number;
  /** Never more, however much the path carries; default 50 Mb/s. */
  readonly maxBitrateBps?: number;
  /** No more where nobody answers (RFC 8083); default 8 Mb/s, or the start bitrate if that is less. */
  readonly unansweredBitrateBps?: number;
}

/**
 * Google Congestion Control (draft-ietf-rmcat-gcc-02, with what libwebrtc has put in place of parts of it): follows the
 * delay by transport-wide feedback, caps by loss, and probes for more. For one receiver: of several, the one that gave
 * feedback first is followed.
 */
export class GccController implements CongestionController {
  private readonly options: Required<GccOptions>;
  private readonly answers = new AnswerWatch();
  private readonly source = new ApplicationLimit();
  private readonly loss = new LossControl();
  private readonly rate: RateControl;
  private readonly probes: ProbeController;
  private readonly matcher = new PacketFeedbackMatcher();
  private path = new PathMeasurement();
  private receiver: { readonly ssrc: number; heardAt: Micros } | undefined;
  private roundTrip = DEFAULT_ROUND_TRIP;
  private leastRoundTrip: Micros | undefined;
  private isApplicationLimited = true;
  private feedbackAt: Micros | undefined;
  private congestedAt: Micros | undefined;
  private isCongested = false;
  private decided: BitrateDecision;

  constructor(options: GccOptions) {
    const { startBitrateBps, unansweredBitrateBps = Math.min(DEFAULT_UNANSWERED_BPS, startBitrateBps) } = options;
    this.options = {
      minBitrateBps: DEFAULT_MIN_BPS,
      maxBitrateBps: DEFAULT_MAX_BPS,
      ...options,
      unansweredBitrateBps,
    };
    const bounds = { leastBps: this.options.minBitrateBps, mostBps: CEILING_BPS };
    this.rate = new RateControl({ startBps: startBitrateBps, ...bounds });
    this.probes = new ProbeController({ startBps: startBitrateBps, ceilingBps: CEILING_BPS });
    this.decided = this.decide(micros(0));
  }

  /** {@inheritDoc CongestionController.onPacketSent} */
  onPacketSent(now: Micros, packet: SentPacket): void {
    this.matcher.onSent(now, packet);
    this.answers.onSent(now);
    this.source.onSent(now, packet.sizeBytes);
  }

  /** {@inheritDoc CongestionController.onTransportFeedback} */
  onTransportFeedback(now: Micros, feedback: TransportFeedback): void {
    if (!this.follows(now, feedback.senderSsrc)) return;
    const { received, lost } = this.matcher.match(now, feedback);
    const packets = received.length + lost.length;
    if (packets === 0) return;
    const isNew = this.answers.onFeedback(now);
    this.feedbackAt = now;
    this.path.update(received, this.source.keepsTo(now, this.decided.targetBps));
    const { acknowledged, usage } = this.path;
    const lossSentAt = this.loss.isCongestion(lost.length, packets) ? lost.at(-1) : undefined;
    if (lossSentAt !== undefined) this.path.onLoss(lossSentAt);
    this.isApplicationLimited = this.source.isLimited(now, this.rate.estimateBps);
    if (isNew) {
      this.rate.restart(this.options.startBitrateBps);
      this.probes.start(now);
    }

    const { lastDecrease: decreasedBefore, estimateBps: fromBps } = this.rate;
    this.rate.update(now, {
      usage,
      acknowledgedBps: acknowledged.averageBps,
      trainBps: acknowledged.trainBps,
      isApplicationLimited: this.isApplicationLimited,
      roundTrip: this.roundTrip,
      isQueueEmpty: this.path.isQueueEmpty,
      isContended: this.path.isContended,
      lossSentAt,
      lossFraction: this.loss.fraction,
      capacityBps: this.path.capacityBps,
      carriedBps: this.path.carriedBps,
      narrowedToBps: this.path.narrowedToBps,
    });
    if (this.rate.lastDecrease !== decreasedBefore) {
      this.probes.onDecrease(now, { fromBps, toBps: this.rate.estimateBps });
    }
    const isQueued = usage === "overuse" || this.path.queueDelay > NOTABLE_QUEUE;
    this.loss.update(now, {
      packets,
      lost: lost.length,
      isQueued,
      targetBps: this.decided.targetBps,
      acknowledgedBps: acknowledged.averageBps,
      trainBps: acknowledged.trainBps,
      isApplicationLimited: this.isApplicationLimited,
    });
    if (isQueued || this.loss.isLimiting) this.congestedAt = now;
    this.isCongested = this.congestedAt !== undefined && elapsed(this.congestedAt, now) < CONGESTED_FOR;
    this.probes.onReceived(now, received);
    this.pollProbes(now);
    this.decided = this.decide(now);
  }

  /** {@inheritDoc CongestionController.onReceiverReport} */
  onReceiverReport(now: Micros, { fractionLost, roundTrip }: PathReport): void {
    this.answers.onReport(now);
    if (roundTrip !== undefined) {
      this.roundTrip = roundTrip;
      this.leastRoundTrip = earliest(this.leastRoundTrip ?? roundTrip, roundTrip);
    }
    if (this.answers.state(now) !== "reports") return;
    this.loss.update(now, {
      packets: REPORT_PACKETS,
      lost: fractionLost * REPORT_PACKETS,
      isQueued: elapsed(this.leastRoundTrip ?? this.roundTrip, this.roundTrip) > REPORTED_QUEUE,
      targetBps: this.decided.targetBps,
      acknowledgedBps: this.source.sentBps(now) * (1 - fractionLost),
      trainBps: undefined,
      isApplicationLimited: false,
    });
    this.decided = this.decide(now);
  }

  /** {@inheritDoc CongestionController.decision} */
  decision(now: Micros): CongestionDecision {
    if (this.answers.state(now) === "feedback") this.pollProbes(now);
    this.decided = this.decide(now);
    const { targetBps, pacingBps } = this.decided;
    const probeAt = this.probes.nextTimeout;
    return {
      targetBitrateBps: targetBps,
      pacingRateBps: pacingBps,
      probe: this.probes.request,
      pathBacklog: this.pathBacklog(now),
      validUntil: earliest(this.answers.nextTimeout(now), probeAt > now ? probeAt : later(now, DECISION_INTERVAL)),
    };
  }

  /** {@inheritDoc CongestionController.stats} */
  stats(): CongestionStatistics {
    const { targetBps, pacingBps, limitedBy } = this.decided;
    return {
      targetBitrateBps: targetBps,
      pacingRateBps: pacingBps,
      path: {
        estimateBps: this.rate.estimateBps,
        acknowledgedBps: this.path.acknowledged.averageBps,
        queueDelayMs: toMillis(this.path.queueDelay),
        lossFraction: this.loss.fraction,
        isCongested: this.isCongested,
        limitedBy,
        isApplicationLimited: this.isApplicationLimited,
        probesSent: this.probes.count,
      },
    };
  }

  private decide(now: Micros): BitrateDecision {
    return decideBitrate({
      ...this.options,
      answering: this.answers.state(now),
      estimateBps: this.rate.estimateBps,
      isCapacityKnown: this.rate.isCapacityKnown || this.loss.isLimiting,
      ceilingBps: CEILING_BPS,
      lossCapBps: Math.max(this.loss.capBps, this.rate.contendedShareBps * LEAST_SHARE_PART),
      queueDelay: this.path.isContended ? micros(0) : this.path.queueDelay,
      silenceFactor: this.answers.factor(now, this.roundTrip),
    });
  }

  /**
   * The bottleneck had what is in flight still before it when the last feedback left, or a part of the least round trip
   * behind it, and has worked on it since.
   */
  private pathBacklog(now: Micros): Micros {
    if (!this.isCongested || this.feedbackAt === undefined || this.path.isContended) return micros(0);
    const carriedBps = this.path.acknowledged.trainBps ?? this.rate.estimateBps;
    const inFlight = (this.matcher.bytesInFlight * 8e6) / carriedBps;
    const passed = elapsed(this.feedbackAt, now) + (this.leastRoundTrip ?? this.roundTrip);
    return micros(Math.min(Math.max(inFlight - passed, 0), LONGEST_BACKLOG));
  }

  private pollProbes(now: Micros): void {
    const result = this.probes.poll(now, this.probeContext(now));
    if (result === undefined) return;
    this.rate.onProbe(result);
    this.loss.onProbe(result.rateBps);
  }

  private probeContext(now: Micros): ProbeContext {
    return {
      estimateBps: this.rate.estimateBps,
      wantedBps: this.options.maxBitrateBps * WANTED_HEADROOM,
      isQuiet:
        this.path.usage === "normal" &&
        this.path.queueDelay <= NOTABLE_QUEUE &&
        !this.path.isContended &&
        !this.loss.hidesCapacity &&
        this.source.sentBps(now) >= LEAST_PROBING_BPS,
    };
  }

  /** Whether this receiver is the one to follow. Receivers' clocks differ, so that feedback of several makes no sense together. */
  private follows(now: Micros, ssrc: number): boolean {
    if (this.receiver?.ssrc !== ssrc) {
      if (this.receiver !== undefined && elapsed(this.receiver.heardAt, now) < RECEIVER_TIMEOUT) return false;
      this.receiver = { ssrc, heardAt: now };
      this.path = new PathMeasurement();
      this.matcher.forgetClock();
    }
    this.receiver.heardAt = now;
    return true;
  }
}
