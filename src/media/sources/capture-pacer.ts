import { type Micros, micros, millis, NEVER } from "../../core/index.js";

/**
 * The share of a slot before its due time in which new drawing is taken at once. Half a slot makes every picture of
 * something that moves at the slots' rate or faster fresh when it is taken, instead of half a repaint old.
 */
const EARLY_SHARE = 0.5;
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
 * made by the first drawing in the half slot before its due time, or when it is due with what is there by then.
 */
export class CapturePacer {
  readonly #interval: Micros;
  #due: Micros = micros(Number.NEGATIVE_INFINITY);
  /** Drawing before the early part of this slot was noted. */
  #isArmed = false;
  #lastSudden: Micros = micros(Number.NEGATIVE_INFINITY);
  #lastShare = 0;

  /** @param fps - slots a second */
  constructor(fps: number) {
    this.#interval = micros(1_000_000 / fps);
  }

  /** What to do at `now`. */
  plan(now: Micros, work: PendingWork): CaptureStep {
    if (!work.isPending) return { kind: "wait", until: NEVER };
    if (now >= this.#due - TIMER_SLACK) return CAPTURE;
    if (this.#isSudden(now, work)) return CAPTURE;
    const early = micros(this.#due - this.#interval * EARLY_SHARE);
    if (now < early) return { kind: "wait", until: early };
    if (work.newestAt >= early) return CAPTURE;
    if (!this.#isArmed) {
      this.#isArmed = true;
      return REARM;
    }
    return { kind: "wait", until: this.#due };
  }

  /**
   * A picture was captured.
   *
   * @param now - when
   * @param share - the share of the picture that was drawn to, 0 … 1
   */
  captured(now: Micros, share: number): void {
    const early = this.#due - this.#interval * EARLY_SHARE;
    const isOnSchedule = now >= early && now <= this.#due + this.#interval * LATE_SHARE;
    if (now < early) this.#lastSudden = now;
    this.#due = micros((isOnSchedule ? this.#due : now) + this.#interval);
    this.#lastShare = share;
    this.#isArmed = false;
  }

  #isSudden(now: Micros, work: PendingWork): boolean {
    const isRare = now - this.#lastSudden >= SUDDEN_INTERVAL;
    return work.share >= SUDDEN_SHARE && this.#lastShare < SUDDEN_SHARE && isRare;
  }
}
