import { type Micros, millis } from "../../time.js";
import type { BitrateLimit } from "../congestion-controller.js";
import type { Answering } from "./answer-watch.js";

/** How a large frame leaves on a path that carries the fastest probe: 300 kB in 6 ms. */
const UNLIMITED_PACING_BPS = 400e6;
const NEAR_CEILING = 0.9;
/**
 * Faster than what is known, so that a large frame is soon through if more gets through than is known. libwebrtc has 2.5; but
 * a screen's first picture takes longer to leave than the first feedback to come back, and would be half lost on a thin path.
 */
const PACING_FACTOR = 1.5;
/**
 * Where the capacity is known, more speed would only move the queue from the pacer, where repairs overtake it, to the path.
 * A quarter more, because the estimate stays below the capacity.
 */
const LIMITED_PACING_FACTOR = 1.25;
/** A queue below this may be other flows' frames passing by. */
const TOLERATED_QUEUE = millis(15);
/** What is above that is to be gone after this; the target is never lowered below the least part for it. */
const DRAIN_TIME = millis(300);
const LEAST_DRAIN_PART = 0.4;

/** All that bounds the bitrate. */
export interface BitrateBounds {
  readonly answering: Answering;
  readonly startBitrateBps: number;
  readonly minBitrateBps: number;
  readonly maxBitrateBps: number;
  readonly unansweredBitrateBps: number;
  /** What the delay shows the path to carry. */
  readonly estimateBps: number;
  /** Whether the path was seen to carry no more. */
  readonly isCapacityKnown: boolean;
  /** The most that the estimate can be. */
  readonly ceilingBps: number;
  readonly lossCapBps: number;
  /** The queue that giving way would empty. */
  readonly queueDelay: Micros;
  /** Below 1 while transport feedback fails to come. */
  readonly silenceFactor: number;
}

/** The bitrate that follows from them. */
export interface BitrateDecision {
  readonly targetBps: number;
  readonly pacingBps: number;
  readonly limitedBy: BitrateLimit;
}

/** Puts all bounds together: the least one holds, and a queue is emptied on top of that. */
export function decideBitrate(bounds: BitrateBounds): BitrateDecision {
  const { minBitrateBps, maxBitrateBps, lossCapBps, queueDelay, silenceFactor } = bounds;
  const delayBps = delayBound(bounds);
  let targetBps = delayBps;
  let limitedBy: BitrateLimit = bounds.answering === "nobody" ? "silence" : "delay";
  if (lossCapBps < targetBps) {
    targetBps = lossCapBps;
    limitedBy = "loss";
  }
  const pathBps = targetBps;
  if (maxBitrateBps <= targetBps) {
    targetBps = maxBitrateBps;
    limitedBy = "configured";
  }
  const drainPart = 1 - Math.max(queueDelay - TOLERATED_QUEUE, 0) / DRAIN_TIME;
  if (drainPart < 1 && bounds.answering === "feedback") {
    targetBps = Math.min(targetBps, pathBps * Math.max(drainPart, LEAST_DRAIN_PART));
    limitedBy = "queue";
  }
  if (silenceFactor < 1) {
    targetBps *= silenceFactor;
    limitedBy = "silence";
  }
  targetBps = Math.round(Math.max(targetBps, minBitrateBps));
  // A queue on the path is not to get another burst: what does not fit waits here, where newer frames can replace it.
  const pacingBps = limitedBy === "queue" ? targetBps : pacingRate(pathBps, bounds);
  return { targetBps, pacingBps, limitedBy };
}

/** What is believed to get through by those who would see a queue; fixed where nobody would. */
function delayBound({ answering, estimateBps, startBitrateBps, unansweredBitrateBps }: BitrateBounds): number {
  switch (answering) {
    case "feedback":
      return estimateBps;
    case "awaited":
    case "reports":
      return startBitrateBps;
    case "nobody":
      return unansweredBitrateBps;
  }
}

function pacingRate(pathBps: number, { isCapacityKnown, ceilingBps, answering }: BitrateBounds): number {
  if (pathBps >= ceilingBps * NEAR_CEILING) return UNLIMITED_PACING_BPS;
  const factor = isCapacityKnown && answering === "feedback" ? LIMITED_PACING_FACTOR : PACING_FACTOR;
  return Math.round(pathBps * factor);
}
