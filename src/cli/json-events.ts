import type { OutputStream } from "./status-line.js";

/** Writes one event as a line of JSON (NDJSON). Numbers that JSON lacks (infinite, not a number) become null. */
export function writeJsonEvent(stream: OutputStream, event: object): void {
  stream.write(`${JSON.stringify(event)}\n`);
}
