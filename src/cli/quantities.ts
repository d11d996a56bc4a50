/** A bitrate for a person: `640 kb/s`, `2.1 Mb/s`. */
export function formatBitrate(bitrateBps: number): string {
  if (bitrateBps < 1e6) return `${Math.round(bitrateBps / 1e3)} kb/s`;
  return `${(bitrateBps / 1e6).toFixed(bitrateBps < 1e8 ? 1 : 0)} Mb/s`;
}

/** A span for a person: `0.4 ms`, `12 ms`, `1.5 s`. */
export function formatMillis(spanMs: number): string {
  if (spanMs >= 1_000) return `${(spanMs / 1_000).toFixed(1)} s`;
  return `${spanMs.toFixed(spanMs < 9.95 ? 1 : 0)} ms`;
}

/** A share of a whole (0 … 1) for a person: `0 %`, `2.5 %`. */
export function formatShare(fraction: number): string {
  const percent = fraction * 100;
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}
