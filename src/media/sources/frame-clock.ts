import { now } from "../../clock/index.js";
import { type Micros, micros, NEVER } from "../../core/index.js";

/** Paces a source that makes its own pictures: at most so many a second, without drift, and without catching up. */
export class FrameClock {
  private readonly interval: number;
  private due: number | undefined;
  private wake: (() => void) | undefined;
  private closed = false;

  /** @param fps - pictures a second */
  constructor(fps: number) {
    this.interval = 1_000_000 / fps;
  }

  /**
   * Waits until the next picture is due.
   *
   * @returns the time, or undefined once the clock is closed
   */
  async tick(): Promise<Micros | undefined> {
    this.due ??= now();
    await this.waitUntil(micros(this.due));
    if (this.closed) return undefined;
    const time = now();
    // After a pause the grid starts anew: pictures that were missed are not made up for.
    this.due = Math.max(this.due, time - this.interval / 2) + this.interval;
    return time;
  }

  /** Waits until a point in time, or until the clock is closed. */
  async waitUntil(at: Micros): Promise<void> {
    const delay = (at - now()) / 1_000;
    if (delay <= 0 || this.closed) return;
    await new Promise<void>((resolve) => {
      const timer = at === NEVER ? undefined : setTimeout(resolve, delay);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }

  /** Ends every wait. */
  close(): void {
    this.closed = true;
    this.wake?.();
  }
}
