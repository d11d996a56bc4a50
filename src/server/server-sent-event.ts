/** One event of a stream of events. */
export interface ServerSentEvent {
  readonly event: string;
  /** Without line ends, as JSON is. */
  readonly data: string;
  /** How soon the client should come back after a break, in ms. */
  readonly retryMs?: number;
}

/** A comment, which clients skip: it keeps the connection from looking dead. */
export const HEARTBEAT: Uint8Array = new TextEncoder().encode(":\n\n");

/**
 * Writes an event (WHATWG HTML §9.2.6):
 *
 * ```
 * retry: 1000
 * event: streams
 * data: {"streams":[]}
 *
 * ```
 */
export function formatEvent({ event, data, retryMs }: ServerSentEvent): Uint8Array {
  const retry = retryMs === undefined ? "" : `retry: ${retryMs}\n`;
  return new TextEncoder().encode(`${retry}event: ${event}\ndata: ${data}\n\n`);
}
