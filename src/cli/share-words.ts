import type { ShareEvent, ShareStatistics, ShareTarget, TargetStatistics } from "../pipeline/index.js";
import type { EventWords } from "./event-printer.js";
import { commandToType } from "./invocation.js";
import { describeLink } from "./link-words.js";
import { describeProgram } from "./program-names.js";
import { formatBitrate, formatMillis, formatShare } from "./quantities.js";

/** More targets than this are only counted in the status line. */
const TARGETS_IN_STATUS = 3;

/**
 * The words for what happens to a share.
 *
 * @param drawQrCode - draws a link as a QR code where that can be shown
 */
export function shareWords(drawQrCode: (text: string) => string | undefined): EventWords<ShareEvent> {
  return { describe: (event) => describe(event, drawQrCode), status: describeStatus };
}

function describe(event: ShareEvent, drawQrCode: (text: string) => string | undefined): string | undefined {
  switch (event.kind) {
    case "started":
      return describeStart(event);
    case "link":
      return describeLink(event, drawQrCode(event.urls[0] ?? ""));
    case "viewer-joined":
      return `${describeProgram(event.userAgent)} at ${event.remote} watches ${event.stream}`;
    case "viewer-left":
      return `${describeProgram(event.userAgent)} at ${event.remote} has left`;
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
}

function describeStatus(event: ShareEvent): string | undefined {
  if (event.kind !== "statistics") return undefined;
  if (event.targets.length + event.viewers.length === 0) return "Nobody watches yet (Ctrl-C ends)";
  const shown = event.targets.slice(0, TARGETS_IN_STATUS).map(describeTarget);
  const others = event.targets.length - shown.length;
  return [
    `${event.encodedFps.toFixed(0)} fps  ${formatBitrate(event.encodedBitrateBps)}  encode ${formatMillis(event.encodeMs)}`,
    ...shown,
    ...(others > 0 ? [`${others} more`] : []),
    ...describeViewers(event),
  ].join(" | ");
}

/**
 * How to watch what a target is sent.
 *
 * @returns a sentence with the command to type on the machine that the target is
 */
export function watchHint({ protocol, address, multicast, encrypted }: ShareTarget): string {
  const port = address.slice(address.lastIndexOf(":"));
  const endpoint = multicast ? address : port;
  const key = encrypted ? ["--key", "KEY"] : [];
  const command = commandToType(["watch", protocol === "jpeg" ? `jpeg://${endpoint}` : endpoint, ...key]);
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

function describeTarget({ address, answered, ...path }: TargetStatistics): string {
  return [address, ...(answered ? [] : ["no answer"]), ...describePath(path)].join(" ");
}

/** Of one viewer how it fares; of several how many there are, and how the worst of them fares. */
function describeViewers({ viewers }: ShareStatistics): string[] {
  const worst = viewers.toSorted((a, b) => (b.lossFraction ?? 0) - (a.lossFraction ?? 0))[0];
  if (worst === undefined) return [];
  const low = viewers.filter(({ rung }) => rung === "low").length;
  const count = viewers.length === 1 ? "1 viewer" : `${viewers.length} viewers`;
  return [[count, ...(low > 0 ? [`${low} on a smaller picture`] : []), ...describePath(worst)].join(" ")];
}

function describePath({ roundTripMs, lossFraction }: Pick<TargetStatistics, "roundTripMs" | "lossFraction">): string[] {
  return [
    ...(roundTripMs === undefined ? [] : [`rtt ${formatMillis(roundTripMs)}`]),
    ...(lossFraction === undefined ? [] : [`loss ${formatShare(lossFraction)}`]),
  ];
}

function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "[::1]" || host === "localhost";
}
