/** A process that crashes more often than this within a minute will not recover. */
const MAX_RESTARTS_PER_MINUTE = 5;
const MINUTE_MS = 60_000;
const FIRST_DELAY_MS = 50;

/** Decides whether and when a crashed process is started again: soon at first, later each time, not for ever. */
export class RestartBudget {
  private crashes: number[] = [];

  /**
   * Notes a crash.
   *
   * @param nowMs - any clock
   * @returns how long to wait, or undefined to give up
   */
  next(nowMs: number): number | undefined {
    this.crashes = this.crashes.filter((at) => nowMs - at < MINUTE_MS);
    this.crashes.push(nowMs);
    if (this.crashes.length > MAX_RESTARTS_PER_MINUTE) return undefined;
    return FIRST_DELAY_MS * 2 ** (this.crashes.length - 1);
  }
}
