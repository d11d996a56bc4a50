import { formatEvent, HEARTBEAT } from "./server-sent-event.js";
import type { StreamHost } from "./stream-host.js";

/** Often enough for proxies and phones, which drop what is silent for half a minute. */
const HEARTBEAT_MS = 15_000;
/** Changes that come together (a dozen viewers joining) are told once. */
const GATHER_MS = 100;
/** Events that a client may be behind; each holds the whole state, so whoever is further behind only needs to come again. */
const MAX_QUEUED = 16;
/** How soon a client comes back after a break, in ms. */
const RETRY_MS = 1_000;

/** Options of {@link StreamEvents}. */
export interface StreamEventsOptions {
  /** Clients at once. */
  readonly limit: number;
  readonly heartbeatMs?: number;
}

/**
 * Tells clients of changes to the list of streams, as server-sent events (WHATWG HTML §9.2): the whole list as the event `streams`
 * on connection and after every change.
 */
export class StreamEvents {
  private readonly host: StreamHost;
  private readonly options: StreamEventsOptions;
  private readonly clients = new Set<ReadableStreamDefaultController<Uint8Array>>();
  private readonly unsubscribe: () => void;
  private heartbeat: NodeJS.Timeout | undefined;
  private gathering: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(host: StreamHost, options: StreamEventsOptions) {
    this.host = host;
    this.options = options;
    this.unsubscribe = host.onChange(() => this.changed());
  }

  /** Clients that listen. */
  get count(): number {
    return this.clients.size;
  }

  /** The body of a further client's response; none if there are too many. */
  open(): ReadableStream<Uint8Array> | undefined {
    if (this.isClosed || this.clients.size >= this.options.limit) return undefined;
    let own: ReadableStreamDefaultController<Uint8Array>;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller;
          this.clients.add(controller);
          controller.enqueue(this.streamsEvent(RETRY_MS));
          this.beat();
        },
        cancel: () => this.remove(own),
      },
      { highWaterMark: MAX_QUEUED },
    );
  }

  /** Ends every response. */
  close(): void {
    this.isClosed = true;
    this.unsubscribe();
    clearTimeout(this.gathering);
    for (const client of this.clients) {
      this.remove(client);
      client.close();
    }
  }

  private changed(): void {
    if (this.gathering !== undefined || this.clients.size === 0) return;
    this.gathering = setTimeout(() => {
      this.gathering = undefined;
      this.send(this.streamsEvent());
    }, GATHER_MS);
  }

  private beat(): void {
    this.heartbeat ??= setInterval(() => this.send(HEARTBEAT), this.options.heartbeatMs ?? HEARTBEAT_MS);
  }

  private send(event: Uint8Array): void {
    for (const client of this.clients) {
      if ((client.desiredSize ?? 0) > 0) client.enqueue(event);
      else {
        this.remove(client);
        client.error(new Error("the client does not read"));
      }
    }
  }

  private remove(client: ReadableStreamDefaultController<Uint8Array>): void {
    this.clients.delete(client);
    if (this.clients.size > 0) return;
    clearInterval(this.heartbeat);
    this.heartbeat = undefined;
  }

  private streamsEvent(retryMs?: number): Uint8Array {
    const data = JSON.stringify({ streams: this.host.streams() });
    return formatEvent({ event: "streams", data, ...(retryMs === undefined ? {} : { retryMs }) });
  }
}
