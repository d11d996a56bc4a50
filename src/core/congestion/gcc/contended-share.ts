/** What a stream holds of the capacity beside a flow that fills the queue: as much as that flow and one more stream. */
const SHARE = 1 / 3;
/** Where bursts do not show the capacity, a stream keeps this part of what it had. */
const KEPT_PART = 0.5;
/**
 * It claims no more than it had before the other flow came. What that was fades, because a rate that gave way and finds the
 * queue empty for a moment had more before; and it grows by so much a second while the stream loses little.
 */
const FADING_PER_SECOND = 0.9;
const GROWTH_PER_SECOND = 1.1;
/** A stream within this part of its share has it, but for a loss just now. */
const HAS = 0.9;
/** Loss of all packets up to which a stream that has its share heeds no loss (draft-ietf-rmcat-gcc-02 §6: the rate may even grow). */
export const LOW_LOSS = 0.02;

/** What {@link ContendedShare} depends on. */
export interface Contention {
  /** Another flow keeps the queue filled. */
  readonly isContended: boolean;
  readonly isQueueEmpty: boolean;
  /** What all flows have together, if that is known. */
  readonly capacityBps: number | undefined;
  /** Share of the packets lost lately. */
  readonly lossFraction: number;
}

/**
 * The rate below which a stream does not give way to delay, because another flow keeps the queue filled whatever we do. TCP
 * under CUBIC takes what is left until the queue overflows; under BBR until its own measure of the path is in flight twice.
 */
export class ContendedShare {
  private freeBps = 0;
  private currentBps = 0;

  /** The share; 0 while nobody fills the queue. */
  get bitrateBps(): number {
    return this.currentBps;
  }

  /** Follows the path, `seconds` after the last time. */
  update(seconds: number, rateBps: number, contention: Contention): void {
    const { isContended, isQueueEmpty, capacityBps, lossFraction } = contention;
    if (!isContended) {
      this.currentBps = 0;
      if (isQueueEmpty) this.freeBps = Math.max(rateBps, this.freeBps * FADING_PER_SECOND ** seconds);
      return;
    }
    this.freeBps = Math.max(this.freeBps, rateBps);
    if (lossFraction < LOW_LOSS && rateBps >= this.currentBps * HAS) this.freeBps *= GROWTH_PER_SECOND ** seconds;
    this.currentBps =
      capacityBps === undefined ? this.freeBps * KEPT_PART : Math.min(capacityBps * SHARE, this.freeBps);
  }

  /** The path has narrowed: what it carried before does not count. */
  forget(): void {
    this.freeBps = 0;
  }
}
