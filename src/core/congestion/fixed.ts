import { micros, NEVER } from "../time.js";
import type { CongestionController, CongestionDecision, CongestionStatistics } from "./congestion-controller.js";

/**
 * How fast a frame leaves whatever the bitrate: a keyframe of 150 KB is through in 12 ms, and a gigabit link's queue or a
 * receiver that pauses for 5 ms sees 50 packets, which Linux's default socket buffer holds.
 */
const LEAST_PACING_RATE_BPS = 100e6;
/** Frames of a screen vary by far more than five times, but then they are rare. */
const PACING_FACTOR = 5;

/** Keeps one bitrate, whatever the path does. For links whose capacity is known, and for peers that give no feedback. */
export class FixedController implements CongestionController {
  private readonly fixed: CongestionDecision;

  constructor({ bitrateBps }: { readonly bitrateBps: number }) {
    const pacingRateBps = Math.max(bitrateBps * PACING_FACTOR, LEAST_PACING_RATE_BPS);
    const noBacklog = { pathBacklog: micros(0), probe: undefined, validUntil: NEVER };
    this.fixed = { targetBitrateBps: bitrateBps, pacingRateBps, ...noBacklog };
  }

  /** Changes nothing. */
  onPacketSent(): void {}

  /** Changes nothing. */
  onTransportFeedback(): void {}

  /** Changes nothing. */
  onReceiverReport(): void {}

  /** {@inheritDoc CongestionController.decision} */
  decision(): CongestionDecision {
    return this.fixed;
  }

  /** {@inheritDoc CongestionController.stats} */
  stats(): CongestionStatistics {
    const { targetBitrateBps, pacingRateBps } = this.fixed;
    return { targetBitrateBps, pacingRateBps };
  }
}
