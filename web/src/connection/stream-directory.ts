import type { LinkAccess } from "../link-access.js";
import { backoffMs } from "./backoff.js";
import { parseStreams, type StreamDescription } from "./streams.js";

/** What is known of the streams. */
export type Directory =
  /** Nothing yet. */
  | { readonly kind: "loading" }
  /** `reachable` is false while the server does not answer: the streams are those it last told of. */
  | { readonly kind: "known"; readonly streams: readonly StreamDescription[]; readonly reachable: boolean }
  /** The link is not, or no longer, allowed in. */
  | { readonly kind: "refused" };

/** Keeps the list of streams current: fetched once, then told of by server-sent events, again after every break. */
export class StreamDirectory {
  /** What is known now. */
  current: Directory = { kind: "loading" };
  private readonly access: LinkAccess;
  private readonly listeners = new Set<() => void>();
  private readonly returnListeners = new Set<() => void>();
  private events: EventSource | undefined;
  private failures = 0;
  private loads = 0;
  private retryTimer: number | undefined;

  /** @param access - the link that the page was opened by */
  constructor(access: LinkAccess) {
    this.access = access;
    const wake = () => {
      if (this.failures > 0 || this.current.kind === "refused") this.retryNow();
    };
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
  }

  /** Calls the listener whenever {@link current} changed; returns what ends that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls the listener when the server answers again after a break: it may have been started anew. */
  onReturn(listener: () => void): () => void {
    this.returnListeners.add(listener);
    return () => this.returnListeners.delete(listener);
  }

  /** Asks the server now, without waiting for the next attempt's time. */
  retryNow(): void {
    window.clearTimeout(this.retryTimer);
    void this.load();
  }

  private async load(): Promise<void> {
    this.events?.close();
    this.events = undefined;
    const load = ++this.loads;
    const answer = await this.ask();
    if (load !== this.loads) return; // overtaken by a later one
    if (answer === "refused") this.become({ kind: "refused" });
    else if (answer === "failed") this.failed();
    else {
      this.succeeded(answer);
      this.listen();
    }
  }

  private async ask(): Promise<readonly StreamDescription[] | "refused" | "failed"> {
    try {
      const response = await this.access.request("/api/streams");
      if (response.status === 401 || response.status === 403) return "refused";
      return (response.ok ? parseStreams(await response.text()) : undefined) ?? "failed";
    } catch {
      return "failed";
    }
  }

  private listen(): void {
    const events = new EventSource(this.access.urlWithToken("/api/events"));
    this.events = events;
    events.addEventListener("streams", ({ data }: MessageEvent<string>) => {
      const streams = parseStreams(data);
      if (streams !== undefined) this.become({ kind: "known", streams, reachable: true });
    });
    events.addEventListener("error", () => {
      if (this.events === events) this.failed();
    });
  }

  private succeeded(streams: readonly StreamDescription[]): void {
    const returned = this.failures > 0;
    this.failures = 0;
    this.become({ kind: "known", streams, reachable: true });
    if (returned) for (const listener of this.returnListeners) listener();
  }

  private failed(): void {
    this.events?.close();
    this.events = undefined;
    this.failures++;
    window.clearTimeout(this.retryTimer);
    this.retryTimer = window.setTimeout(() => this.retryNow(), backoffMs(this.failures, Math.random()));
    const streams = this.current.kind === "known" ? this.current.streams : [];
    if (this.current.kind === "known" || this.failures > 1) this.become({ kind: "known", streams, reachable: false });
  }

  private become(directory: Directory): void {
    this.current = directory;
    for (const listener of this.listeners) listener();
  }
}
