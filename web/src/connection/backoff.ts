/** The first wait: what broke is often back at once. */
const FIRST_MS = 250;
const LONGEST_MS = 5_000;
/** Viewers of one sender that comes back do not all call in the same moment. */
const JITTER = 0.25;

/**
 * How long to wait before an attempt: twice as long each time, up to 5 s.
 *
 * @param attempt - attempts that failed so far, 1 or more
 * @param random - 0 to 1
 * @returns milliseconds
 */
export function backoffMs(attempt: number, random: number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return base * (1 - JITTER + 2 * JITTER * random);
}
