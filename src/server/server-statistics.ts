import type { MetricFamily } from "./stream-host.js";

const METHODS = new Set(["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"]);

/** Gauges that the server knows of itself. */
export interface ServerGauges {
  readonly viewerSessions: number;
  readonly eventClients: number;
}

/** Counts what the server did. */
export class ServerStatistics {
  private readonly responses = new Map<string, { readonly labels: Record<string, string>; value: number }>();
  private readonly refusals = new Map<string, number>();

  /** A request was answered. */
  responded(method: string, status: number): void {
    const labels = { method: METHODS.has(method) ? method : "other", status: String(status) };
    const key = `${labels.method} ${labels.status}`;
    const counter = this.responses.get(key) ?? { labels, value: 0 };
    counter.value++;
    this.responses.set(key, counter);
  }

  /** A request was turned away before it reached a route. */
  refused(reason: string): void {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
  }

  /** Everything, for `/metrics`. */
  metrics({ viewerSessions, eventClients }: ServerGauges): MetricFamily[] {
    return [
      {
        name: "http_responses_total",
        help: "Requests answered, by method and status.",
        type: "counter",
        samples: [...this.responses.values()].map(({ labels, value }) => ({ labels, value })),
      },
      {
        name: "http_refusals_total",
        help: "Requests turned away, by what was wrong: the host's name, the origin, or no proof of access.",
        type: "counter",
        samples: [...this.refusals].map(([reason, value]) => ({ labels: { reason }, value })),
      },
      gauge("viewer_sessions", "WHEP sessions that run now.", viewerSessions),
      gauge("event_clients", "Clients that listen to server-sent events now.", eventClients),
    ];
  }
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: "gauge", samples: [{ labels: {}, value }] };
}
