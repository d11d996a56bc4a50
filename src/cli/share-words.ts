import type { ShareEvent, ShareTarget, TargetStatistics } from "../pipeline/index.js";
import type { EventWords } from "./event-printer.js";
import { commandToType } from "./invocation.js";
import { formatBitrate, formatMillis, formatShare } from "./quantities.js";

/** More targets than this are only counted in the status line. */
const TARGETS_IN_STATUS = 3;

/** The words for what happens to a share. */
export const shareWords: EventWords<ShareEvent> = {
  describe(event) {
    switch (event.kind) {
      case "started":
        return describeStart(event);
      case "no-receiver":
        return `Nobody answers at ${event.address} yet (players that only listen, like ffplay, never do)`;
      case "receiver-appeared":
        return `A viewer answers at ${event.address}`;
      case "receiver-left":
        return `The viewer at ${event.address} has left`;
      case "encoder-restarted":
        return `The encoder was started again: ${event.reason}`;
      case "warning":
        return `Warning: ${event.message}`;
      case "ended":
        return event.reason === "source-ended" ? "The source has ended" : undefined;
      case "statistics":
        return undefined;
    }
  },

  status(event) {
    if (event.kind !== "statistics") return undefined;
    const shown = event.targets.slice(0, TARGETS_IN_STATUS).map(describeTarget);
    const others = event.targets.length - shown.length;
    return [
      `${event.encodedFps.toFixed(0)} fps  ${formatBitrate(event.encodedBitrateBps)}  encode ${formatMillis(event.encodeMs)}`,
      ...shown,
      ...(others > 0 ? [`${others} more`] : []),
    ].join(" | ");
  },
};

/**
 * How to watch what a target is sent.
 *
 * @returns a sentence with the command to type on the machine that the target is
 */
export function watchHint({ protocol, address, multicast }: ShareTarget): string {
  const port = address.slice(address.lastIndexOf(":"));
  const endpoint = multicast ? address : port;
  const command = commandToType(["watch", protocol === "jpeg" ? `jpeg://${endpoint}` : endpoint]);
  const host = address.slice(0, -port.length);
  if (multicast) return `To watch, on any machine of the network: ${command}`;
  return isLoopback(host) ? `To watch, in another terminal: ${command}` : `To watch, on ${host}: ${command}`;
}

function describeStart(event: ShareEvent & { kind: "started" }): string {
  const { source, width, height, encoder, targets } = event;
  const scaled = source.width === width && source.height === height ? "" : ` scaled to ${width}x${height}`;
  return [
    `Sharing ${source.name}, ${source.width}x${source.height}${scaled}, up to ${source.fps} fps (${encoder})`,
    ...targets.map(({ protocol, address }) => `  to ${protocol === "jpeg" ? "jpeg://" : ""}${address}`),
    ...new Set(targets.map(watchHint)),
  ].join("\n");
}

function describeTarget({ address, answered, roundTripMs, lossFraction }: TargetStatistics): string {
  const parts = [address];
  if (!answered) parts.push("no answer");
  if (roundTripMs !== undefined) parts.push(`rtt ${formatMillis(roundTripMs)}`);
  if (lossFraction !== undefined) parts.push(`loss ${formatShare(lossFraction)}`);
  return parts.join(" ");
}

function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "[::1]" || host === "localhost";
}
