/** How much of the past is kept. */
const SPAN_MS = 60_000;
/** Frames of so long make one point of the line. */
const POINT_MS = 500;

/** The median latency of half a second. */
export interface LatencyPoint {
  /** In ms, by the clock of {@link LatencyHistory.add}. */
  readonly at: number;
  readonly latencyMs: number;
}

/** Gathers the latencies of single frames into a line of medians over the last minute. */
export class LatencyHistory {
  private readonly finished: LatencyPoint[] = [];
  private current: number[] = [];
  private currentFrom = 0;

  /** Takes one frame's latency. */
  add(now: number, latencyMs: number): void {
    this.finish(now);
    if (this.current.length === 0) this.currentFrom = now;
    this.current.push(latencyMs);
  }

  /** Forgets everything: another session's frames are no continuation. */
  clear(): void {
    this.finished.length = 0;
    this.current = [];
  }

  /** The line up to now, oldest first. */
  points(now: number): readonly LatencyPoint[] {
    this.finish(now);
    return this.finished;
  }

  private finish(now: number): void {
    if (this.current.length > 0 && now - this.currentFrom >= POINT_MS) {
      const sorted = this.current.sort((a, b) => a - b);
      this.finished.push({ at: this.currentFrom, latencyMs: sorted[Math.floor(sorted.length / 2)]! });
      this.current = [];
    }
    while (this.finished.length > 0 && now - this.finished[0]!.at > SPAN_MS) this.finished.shift();
  }
}

/** Where a line is drawn. */
export interface SparklineArea {
  readonly width: number;
  readonly height: number;
  /** The present, at the right edge; the left one is a minute before. */
  readonly now: number;
  /** The latency at the top, in ms; see {@link sparklineTop}. */
  readonly topMs: number;
}

/** The least that the top stands for, in ms: a calm line stays at the bottom instead of showing its noise. */
const LOWEST_TOP_MS = 50;

/** A round latency that every point stays below. */
export function sparklineTop(points: readonly LatencyPoint[]): number {
  const highest = Math.max(0, ...points.map(({ latencyMs }) => latencyMs));
  let top = LOWEST_TOP_MS;
  while (top < highest) top *= 2;
  return top;
}

/** The line as the data of an SVG path; empty without two points. */
export function sparklinePath(points: readonly LatencyPoint[], { width, height, now, topMs }: SparklineArea): string {
  if (points.length < 2) return "";
  const places = points.map(({ at, latencyMs }) => {
    const x = width * (1 - (now - at) / SPAN_MS);
    const y = height * (1 - Math.min(1, latencyMs / topMs));
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${places.join("L")}`;
}
