import type { WatchEvent } from "../pipeline/index.js";
import type { EventWords } from "./event-printer.js";
import { formatBitrate, formatMillis } from "./quantities.js";

/** Why a stream is not shown, and what to do. */
const REFUSALS = {
  "no-key": "is encrypted: give its key with --key",
  "wrong-key": "is encrypted with another key: check what was given with --key",
  "not-encrypted": "is not encrypted, so anyone could have sent it: leave --key out to watch it",
};

/** The words for what happens to a watch. */
export const watchWords: EventWords<WatchEvent> = {
  describe(event) {
    switch (event.kind) {
      case "listening": {
        const keys = event.window === "none" ? "Ctrl-C ends" : "in the window: q ends, f full screen, s snapshot";
        return `Waiting for a stream ${describePlace(event.address)} (${keys})`;
      }
      case "stream-started":
        return `Receiving ${event.codec.toUpperCase()} from ${event.remote}`;
      case "first-picture":
        return `First picture after ${formatMillis(event.afterMs)}: ${event.width}x${event.height}`;
      case "stream-refused":
        return `The stream from ${event.remote} ${REFUSALS[event.reason]}`;
      case "stream-silent":
        return "Nothing comes any more: the last picture stays until the sender is back";
      case "stream-resumed":
        return "The stream is back";
      case "stream-ended":
        return "The sender has stopped; waiting for the next stream";
      case "snapshot":
        return `Snapshot written to ${event.file}`;
      case "viewer-restarted":
        return `The viewer was started again: ${event.reason}`;
      case "warning":
        return `Warning: ${event.message}`;
      case "ended":
      case "statistics":
        return undefined;
    }
  },

  status(event) {
    if (event.kind !== "statistics" || event.framesReceived === 0) return undefined;
    const parts = [`${event.shownFps.toFixed(0)} fps`, formatBitrate(event.bitrateBps)];
    if (event.glassToGlassMs !== undefined) parts.push(`latency ${formatMillis(event.glassToGlassMs)}`);
    if (event.roundTripMs !== undefined) parts.push(`rtt ${formatMillis(event.roundTripMs)}`);
    parts.push(`packets lost ${event.packetsLost}, repaired ${event.packetsRepaired}`);
    return parts.join("  ");
  },
};

function describePlace(address: string): string {
  const [, port] = /^(?:\[::\]|0\.0\.0\.0):(\d+)$/.exec(address) ?? [];
  return port === undefined ? `at ${address}` : `on port ${port}`;
}
