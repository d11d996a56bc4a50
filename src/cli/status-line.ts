/** Where lines go: a terminal, or a file or pipe. `process.stdout` is one. */
export interface OutputStream {
  readonly isTTY?: boolean;
  /** The terminal's width in characters. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** How often the status is printed where it cannot be rewritten in place. */
const PLAIN_INTERVAL_MS = 10_000;
const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = "\r\x1b[K";

/**
 * One live line under the lines that stay. On a terminal it is rewritten in place; elsewhere it is printed as a plain line,
 * the first at once and then at most every 10 s.
 */
export class StatusLine {
  private readonly stream: OutputStream;
  private current = "";
  private printedAtMs = Number.NEGATIVE_INFINITY;

  /** Writes to `stream`. */
  constructor(stream: OutputStream) {
    this.stream = stream;
  }

  /** Shows a new status. `nowMs` is any clock in milliseconds. */
  update(text: string, nowMs: number): void {
    if (this.stream.isTTY) {
      this.current = truncate(text, (this.stream.columns ?? DEFAULT_COLUMNS) - 1);
      this.stream.write(CLEAR_LINE + this.current);
    } else if (nowMs - this.printedAtMs >= PLAIN_INTERVAL_MS) {
      this.printedAtMs = nowMs;
      this.stream.write(`${text}\n`);
    }
  }

  /** Prints lines that stay, above the status. */
  print(text: string): void {
    const clear = this.current === "" ? "" : CLEAR_LINE;
    this.stream.write(`${clear}${text}\n${this.current}`);
  }

  /** Takes the live line away. */
  clear(): void {
    if (this.current !== "") this.stream.write(CLEAR_LINE);
    this.current = "";
  }
}

function truncate(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}
