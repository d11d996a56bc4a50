import { attributeValues, lineError, type SdpLine, type SdpSection } from "./line.js";
import { type ConnectionAddress, connectionTo } from "./session-description.js";

/**
 * Reads a connection line (RFC 8866 §5.7): `IN IP4 address[/ttl[/count]]` or `IN IP6 address[/count]`.
 *
 * @throws SightlineError `invalid-data` naming the line
 */
export function parseConnection(line: SdpLine): ConnectionAddress {
  const match = /^IN\s+IP([46])\s+([^/\s]+)(?:\/(\d+))?/i.exec(line.value);
  if (match === null) throw lineError(line, "is no address of the form IN IP4 … or IN IP6 …");
  const connection = connectionTo(match[2]!);
  const ttl = match[3];
  // IPv6 has a count of groups in this place, and a unicast address has neither.
  if (match[1] === "6" || !connection.isMulticast || ttl === undefined) return connection;
  if (Number(ttl) > 255) throw lineError(line, "has no TTL of 0 … 255");
  return { ...connection, ttl: Number(ttl) };
}

/**
 * The senders that a section lets in to `address` (RFC 4570 §3): `incl IN address-type destination source …`. Filters for
 * another destination and such that shut senders out are skipped; undefined if nothing is left.
 */
export function parseSourceFilter(section: SdpSection, address: string): string[] | undefined {
  for (const value of attributeValues(section, "source-filter")) {
    const [mode, , , destination, ...sources] = value.split(/\s+/);
    if (mode === "incl" && (destination === "*" || destination === address) && sources.length > 0) return sources;
  }
  return undefined;
}

/** An address as SDP writes it, its type first: `IP4 192.0.2.1`. A zone (`%eth0`) means nothing elsewhere and is left out. */
export function writeAddress(address: string): string {
  const isIpv6 = address.includes(":");
  return isIpv6 ? `IP6 ${address.replace(/%.*$/, "")}` : `IP4 ${address}`;
}
