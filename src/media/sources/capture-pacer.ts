import { later, type Micros, micros, millis, NEVER, seconds } from "../../core/index.js";

/**
 * The share of a slot before its due time in which new drawing is taken at once. More than half, so that something that
 * moves at twice the slots' rate or faster is always fresh when it is taken, instead of half a repaint old.
 */
const EARLY_SHARE = 0.6;
/** What moves at the slots' rate may always miss the early part: then a slot is shortened, so that it comes here in it. */
const ALIGNED_SHARE = EARLY_SHARE / 2;
/** A slot is shortened at most this often, so that the rate is kept. */
const ALIGN_INTERVAL: Micros = seconds(1);
/** A capture that is late by less than this share of a slot does not move the following slots, so the rate is kept. */
const LATE_SHARE = 0.5;
/** Timers fire in steps of a millisecond: closer than this to its time, a slot is due. */
const TIMER_SLACK: Micros = micros(500);
/** Drawing that covers this share of the picture at once (a page that flips) does not wait for its slot … */
const SUDDEN_SHARE = 0.25;
/** … but at most this often, and not while everything moves anyway. */
const SUDDEN_INTERVAL: Micros = millis(100);

/** What waits to be captured. */
export interface PendingWork {
  /** Something was drawn that no picture shows yet. */
  readonly isPending: boolean;
  /** When the newest drawing was noticed. */
  readonly newestAt: Micros;
  /** The share of the picture that was drawn to, 0 … 1. */
  readonly share: number;
}

/** What to do next. */
export type CaptureStep =
  | { readonly kind: "capture" }
  /** Take note of what is drawn so far, so that further drawing is announced, and ask again. */
  | { readonly kind: "rearm" }
  /** Ask again at this time, or when something is drawn. */
  | { readonly kind: "wait"; readonly until: Micros };

const CAPTURE: CaptureStep = { kind: "capture" };
const REARM: CaptureStep = { kind: "rearm" };

/**
 * Decides when a screen is captured: after a pause at once, else once a slot. Slots are `1/fps` apart; a slot's capture is
 * made by the first drawing in the later part of the slot, or when it is due with what is there by then.
 */
export class CapturePacer {
  private readonly interval: Micros;
  private due: Micros = micros(Number.NEGATIVE_INFINITY);
  /** Drawing before the early part of this slot was noted. */
  private isArmed = false;
  private lastAligned: Micros = micros(Number.NEGATIVE_INFINITY);
  private lastSudden: Micros = micros(Number.NEGATIVE_INFINITY);
  private lastShare = 0;

  /** @param fps - slots a second */
  constructor(fps: number) {
    this.interval = micros(1_000_000 / fps);
  }

  /** What to do at `now`. */
  plan(now: Micros, work: PendingWork): CaptureStep {
    if (!work.isPending) return { kind: "wait", until: NEVER };
    if (now >= this.due - TIMER_SLACK) return CAPTURE;
    if (this.isSudden(now, work)) return CAPTURE;
    const early = micros(this.due - this.interval * EARLY_SHARE);
    if (now < early) return { kind: "wait", until: early };
    if (work.newestAt >= early) return CAPTURE;
    if (!this.isArmed) {
      this.isArmed = true;
      return REARM;
    }
    return { kind: "wait", until: this.due };
  }

  /**
   * A picture was captured.
   *
   * @param now - when
   * @param work - what was planned with
   */
  captured(now: Micros, work: Pick<PendingWork, "newestAt" | "share">): void {
    const early = this.due - this.interval * EARLY_SHARE;
    if (now < early) this.lastSudden = now;
    // A sudden capture takes the slot that it came before, so that the rate is kept.
    const isOnSchedule = now <= this.due + this.interval * LATE_SHARE;
    const due = later(isOnSchedule ? this.due : now, this.interval);
    const isStale = isOnSchedule && work.newestAt < early && work.newestAt >= this.due - this.interval;
    this.due = isStale && now - this.lastAligned >= ALIGN_INTERVAL ? this.align(now, work.newestAt) : due;
    this.lastShare = work.share;
    this.isArmed = false;
  }

  /** The due time with which drawing one slot after `newestAt` falls into the middle of the early part. */
  private align(now: Micros, newestAt: Micros): Micros {
    this.lastAligned = now;
    return micros(newestAt + this.interval * (1 + ALIGNED_SHARE));
  }

  private isSudden(now: Micros, work: PendingWork): boolean {
    const isRare = now - this.lastSudden >= SUDDEN_INTERVAL;
    return work.share >= SUDDEN_SHARE && this.lastShare < SUDDEN_SHARE && isRare;
  }
}
