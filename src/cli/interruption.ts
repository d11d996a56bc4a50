import { EXIT_CODES } from "./exit.js";

/** Ctrl-C under `npm` arrives twice, from the terminal and from npm; only a later one is impatience. */
const IMPATIENCE_MS = 500;

/**
 * A signal that aborts when the user wants the command to end: Ctrl-C, SIGTERM, a closed terminal, or a reader of our
 * standard output that has gone (`… | head`). Asked for again, the process ends at once.
 */
export function userInterruption(): AbortSignal {
  const controller = new AbortController();
  let askedAtMs = Number.POSITIVE_INFINITY;
  const interrupt = () => {
    if (performance.now() - askedAtMs > IMPATIENCE_MS) process.exit(EXIT_CODES.interrupted);
    if (controller.signal.aborted) return;
    askedAtMs = performance.now();
    controller.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  process.stdout.on("error", () => controller.abort());
  return controller.signal;
}
