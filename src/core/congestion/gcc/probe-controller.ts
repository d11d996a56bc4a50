import { elapsed, later, type Micros, micros, millis, NEVER, seconds } from "../../time.js";
import type { ProbeRequest } from "../congestion-controller.js";
import type { ReceivedPacket } from "./packet-feedback.js";
import { ProbeEstimator, type ProbeResult } from "./probe-estimator.js";

/** The first probe, in multiples of the start bitrate (libwebrtc: `first_exponential_probe_scale`). */
const FIRST_SCALE = 3;
/** Every other probe, in multiples of what is known to get through (libwebrtc: `further_exponential_probe_scale`). */
const FURTHER_SCALE = 2;
/** After a probe that filled the path, the next one has this part of what got through, … */
const CAREFUL_PART = 0.85;
/** … if that is still so many times the estimate, … */
const CAREFUL_LEAST = 1.2;
/** … and as soon as the queue is gone that the first one has left. */
const CAREFUL_INTERVAL = millis(300);
/** A result above this part of the probe is worth another probe (libwebrtc: `further_probe_threshold`). */
const FURTHER_THRESHOLD = 0.7;
/** How long a probe lasts, and its least number of packets (libwebrtc: `min_probe_duration`, `min_probe_packets_sent`). */
const DURATION_SECONDS = 0.015;
/** A probe that jitter made worthless is repeated with twice the length, up to this many times the first. */
const LONGEST_STRETCH = 4;
const LEAST_BYTES = 5 * 1_200;
/** From the last feedback on a probe, or from the request, until no more of it is expected. */
const WAIT_FOR_MORE = millis(150);
const WAIT_FOR_FIRST = seconds(1);
/** While the path may carry more than is known and more is wanted; doubled up to the longest while probes find nothing. */
const INTERVAL = seconds(2);
const LONGEST_INTERVAL = seconds(8);
/** Enough is known for the source; more only makes large frames faster. */
const IDLE_INTERVAL = seconds(20);
/** Without an overuse for so long, a queue has settled and a probe measures something. */
const QUIET_AFTER_DECREASE = seconds(1);
/**
 * A rate that fell below this part of what it was (libwebrtc: `bitrate_drop_threshold` 0.66) may have met a stall, as radio links
 * have them, and not a narrow path: for so long probes follow as soon as the queue is gone, one upon the other.
 */
const LARGE_DROP = 0.5;
const RECOVERY_TIME = seconds(5);
const RECOVERY_INTERVAL = millis(250);
/** At the start, a probe that could not be measured, as by a receiver that is only starting as well, is repeated after this. */
const RETRY_INTERVAL = millis(150);
const MOST_RETRIES = 3;
/** Close enough to the most that a probe could show. */
const NEAR = 0.9;
/** What probing depends on. */
export interface ProbeContext {
  readonly estimateBps: number;
  /** What the source could use. */
  readonly wantedBps: number;
  /** No queue, no overuse, no congestion loss, and packets are being sent. */
  readonly isQuiet: boolean;
}

/** The rate fell. */
export interface RateDecrease {
  readonly fromBps: number;
  readonly toBps: number;
}

/**
 * Decides when to look for more capacity, and what a probe has shown. One probe at a time.
 *
 * A probe that fills the path counts only at the start, when nothing better is known: beside other flows it gets more of a
 * full path than is left for us, and to take that would make streams that share a path chase each other.
 */
export class ProbeController {
  private readonly ceilingBps: number;
  private readonly startBps: number;
  private probe: { readonly estimator: ProbeEstimator; waitUntil: Micros } | undefined;
  private latest: ProbeRequest | undefined;
  private isStarting = true;
  private retries = 0;
  private nextAt: Micros = NEVER;
  private fruitless = 0;
  private decreasedAt: Micros | undefined;
  /** What the path carried before the rate collapsed, which it may soon carry again. */
  private collapse: { readonly fromBps: number; readonly until: Micros } | undefined;
  private stretch = 1;
  /** What the next probe tries, because the last one filled the path; undefined: a multiple of the estimate. */
  private carefulBps: number | undefined;

  /** @param options - `ceilingBps`: no probe is faster */
  constructor({ startBps, ceilingBps }: { readonly startBps: number; readonly ceilingBps: number }) {
    this.startBps = startBps;
    this.ceilingBps = ceilingBps;
  }

  /** What the sender is to carry out, if it has not; undefined before the first probe. */
  get request(): ProbeRequest | undefined {
    return this.latest;
  }

  /** How many probes there were. */
  get count(): number {
    return this.latest?.id ?? 0;
  }

  /** A receiver gives feedback that did not before: the path is not known yet. */
  start(now: Micros): void {
    this.isStarting = true;
    this.retries = 0;
    this.begin(now, this.startBps * FIRST_SCALE);
  }

  /** Takes in packets that arrived. */
  onReceived(now: Micros, packets: readonly ReceivedPacket[]): void {
    const { probe } = this;
    if (probe === undefined) return;
    for (const packet of packets) {
      if (packet.probeId !== probe.estimator.request.id) continue;
      probe.estimator.add(packet);
      probe.waitUntil = later(now, WAIT_FOR_MORE);
    }
  }

  /** Ends a probe, or starts the next one, if it is time. Returns what a probe has shown, if that counts. */
  poll(now: Micros, context: ProbeContext): ProbeResult | undefined {
    if (this.probe !== undefined) {
      const { estimator, waitUntil } = this.probe;
      return estimator.isComplete || now >= waitUntil ? this.conclude(now, estimator, context.estimateBps) : undefined;
    }
    const { estimateBps, wantedBps, isQuiet } = context;
    if (!isQuiet || this.isSettling(now) || estimateBps >= this.ceilingBps * NEAR) return undefined;
    const isWanted = estimateBps < wantedBps;
    if (now < later(this.nextAt, isWanted ? micros(0) : IDLE_INTERVAL)) return undefined;
    this.begin(now, this.carefulBps ?? estimateBps * FURTHER_SCALE);
    return undefined;
  }

  /** The path got worse: what it carried before is worth a probe soon after. */
  onDecrease(now: Micros, { fromBps, toBps }: RateDecrease): void {
    this.fruitless = 0;
    this.carefulBps = undefined;
    this.decreasedAt = now;
    const mostBps = Math.max(fromBps, this.collapseAt(now)?.fromBps ?? 0);
    if (toBps < mostBps * LARGE_DROP) this.collapse = { fromBps: mostBps, until: later(now, RECOVERY_TIME) };
    this.nextAt = later(now, this.interval(now));
  }

  /** When `poll` may have something to do. */
  get nextTimeout(): Micros {
    return this.probe === undefined ? this.nextAt : this.probe.waitUntil;
  }

  private begin(now: Micros, wantedBps: number): void {
    const rateBps = Math.min(wantedBps, this.ceilingBps);
    const bytes = Math.ceil(Math.max((rateBps / 8) * DURATION_SECONDS * this.stretch, LEAST_BYTES));
    this.latest = { id: this.count + 1, rateBps, bytes };
    this.probe = {
      estimator: new ProbeEstimator(this.latest),
      waitUntil: later(now, WAIT_FOR_FIRST),
    };
    this.nextAt = NEVER;
  }

  private conclude(now: Micros, estimator: ProbeEstimator, estimateBps: number): ProbeResult | undefined {
    this.probe = undefined;
    const result = estimator.result();
    this.stretch = result === undefined ? Math.min(this.stretch * 2, LONGEST_STRETCH) : 1;
    if (result === undefined && this.isStarting && this.retries < MOST_RETRIES) {
      this.retries += 1;
      this.nextAt = later(now, RETRY_INTERVAL);
      return undefined;
    }
    // At the start the estimate is a guess, and what filled the path is better even if it is less.
    const isBetterThanGuess = this.isStarting && result?.isSaturated === true;
    const counts = result !== undefined && (isBetterThanGuess || (!result.isSaturated && result.rateBps > estimateBps));
    this.fruitless = counts ? 0 : this.fruitless + 1;
    // Meanwhile a large first picture may have shown more than the probe.
    const isPassed = counts || (this.isStarting && result?.isSaturated === false);
    const knownBps = Math.max(result?.rateBps ?? 0, estimateBps);
    const hasMore = isPassed && result.rateBps > estimator.request.rateBps * FURTHER_THRESHOLD;
    if (hasMore && knownBps < this.ceilingBps * NEAR) {
      this.begin(now, knownBps * FURTHER_SCALE);
    } else {
      this.isStarting = false;
      // The path has narrowed indeed, or is as wide again as it was.
      if (result?.isSaturated === true || knownBps > (this.collapse?.fromBps ?? 0) * LARGE_DROP)
        this.collapse = undefined;
      const carefulBps = result?.isSaturated === true ? result.rateBps * CAREFUL_PART : 0;
      const isWorthIt = this.carefulBps === undefined && carefulBps > estimateBps * CAREFUL_LEAST;
      this.carefulBps = isWorthIt ? carefulBps : undefined;
      this.nextAt = later(now, isWorthIt ? CAREFUL_INTERVAL : this.interval(now));
    }
    return counts ? result : undefined;
  }

  private collapseAt(now: Micros): { readonly fromBps: number } | undefined {
    return this.collapse !== undefined && now < this.collapse.until ? this.collapse : undefined;
  }

  private isSettling(now: Micros): boolean {
    const settles = this.collapseAt(now) === undefined ? QUIET_AFTER_DECREASE : RECOVERY_INTERVAL;
    return this.decreasedAt !== undefined && elapsed(this.decreasedAt, now) < settles;
  }

  private interval(now: Micros): Micros {
    const shortest = this.collapseAt(now) === undefined ? INTERVAL : RECOVERY_INTERVAL;
    return micros(Math.min(shortest * 2 ** Math.max(this.fruitless - 1, 0), LONGEST_INTERVAL));
  }
}
