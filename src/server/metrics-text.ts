import type { MetricFamily } from "./stream-host.js";

/** The type of what {@link formatMetrics} writes. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Tells ours from other programs' metrics (Prometheus, "Metric and label naming"). */
const PREFIX = "sightline_";
const METRIC_NAME = /^[a-zA-Z0-9_:]+$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Writes metrics in the Prometheus text format 0.0.4:
 *
 * ```
 * # HELP sightline_viewers Viewers connected now.
 * # TYPE sightline_viewers gauge
 * sightline_viewers{stream="screen"} 3
 * ```
 *
 * What has a name that the format does not allow is left out.
 */
export function formatMetrics(families: readonly MetricFamily[]): string {
  return families
    .filter(({ name }) => METRIC_NAME.test(name))
    .map(formatFamily)
    .join("");
}

function formatFamily({ name: suffix, help, type, samples }: MetricFamily): string {
  const name = PREFIX + suffix;
  const lines = samples.map(({ labels, value }) => `${name}${formatLabels(labels)} ${formatValue(value)}\n`);
  return `# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function formatLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels)
    .filter(([name]) => LABEL_NAME.test(name))
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}
