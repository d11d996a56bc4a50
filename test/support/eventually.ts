import { setTimeout as pause } from "node:timers/promises";

/** How often the world outside is looked at, in ms. */
const INTERVAL_MS = 50;

/** Options of {@link eventually}. */
export interface EventuallyOptions<T> {
  /** Looks at the world outside, which tells of nothing by itself: a screen, a file. */
  readonly look: () => T | Promise<T>;
  /** Whether that is what the test waits for. */
  readonly until: (seen: T) => boolean;
  readonly timeoutMs?: number;
}

/**
 * Looks again and again until what is seen is right.
 *
 * @throws Error with what was seen last after `timeoutMs` (default 30 s)
 */
export async function eventually<T>({ look, until, timeoutMs = 30_000 }: EventuallyOptions<T>): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (until(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms; seen last: ${String(seen)}`);
    await pause(INTERVAL_MS);
  }
}
