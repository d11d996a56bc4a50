import { lookup } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { SightlineError } from "../core/index.js";

/** The IP version of an address, as `node:net` counts it. */
export type AddressFamily = 4 | 6;

/** Where datagrams go to or come from: a literal IP address and a UDP port. */
export interface UdpAddress {
  readonly address: string;
  readonly family: AddressFamily;
  readonly port: number;
}

/** A host as a person writes it (`host` is empty in `:5004`) and a UDP port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `HOST:PORT`, `[IPV6]:PORT` or `:PORT`.
 *
 * @throws SightlineError `invalid-argument` if the text is none of these or the port is not in 1 … 65535
 */
export function parseHostPort(text: string): HostPort {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) {
    throw new SightlineError(
      "invalid-argument",
      `'${text}' is not an address: write HOST:PORT, for example 192.168.1.20:5004, or [IPV6]:PORT`,
    );
  }
  return { host: match[1] ?? match[2] ?? "", port };
}

/** Writes an address as `HOST:PORT`, with brackets around IPv6. */
export function formatAddress({ address, port }: { readonly address: string; readonly port: number }): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Reads back what {@link formatAddress} wrote. */
export function parseAddress(text: string): UdpAddress {
  const { host, port } = parseHostPort(text);
  return { address: host, family: isIPv6(host) ? 6 : 4, port };
}

/**
 * Finds the IP address of a host; literal addresses pass through.
 *
 * @throws SightlineError `unreachable` if the name cannot be resolved
 */
export async function resolveHost({ host, port }: HostPort): Promise<UdpAddress> {
  const literal = isIP(host.replace(/%.*$/, ""));
  if (literal) return { address: host, family: literal as AddressFamily, port };
  try {
    const found = await lookup(host);
    return { address: found.address, family: found.family as AddressFamily, port };
  } catch (cause) {
    throw new SightlineError(
      "unreachable",
      `the host '${host}' could not be found: check the name, or give its address`,
      {
        cause,
      },
    );
  }
}

/** Whether an address names a multicast group (RFC 5771, RFC 4291 §2.7). */
export function isMulticast(address: string): boolean {
  if (isIPv6(address.replace(/%.*$/, ""))) return /^ff/i.test(address);
  const first = Number(address.split(".")[0]);
  return first >= 224 && first <= 239;
}

/**
 * What `node:dgram` wants to be told to pick the interface `nameOrAddress`: an IPv4 address, or `::%NAME` for IPv6.
 *
 * @throws SightlineError `not-found` if there is no such interface, naming those that exist
 */
export function multicastInterface(nameOrAddress: string, family: AddressFamily): string {
  const all = Object.entries(networkInterfaces()) as [string, NetworkInterfaceInfo[]][];
  for (const [name, addresses] of all) {
    const usable = addresses.filter((each) => each.family === `IPv${family}`);
    const wanted = name === nameOrAddress ? usable[0] : usable.find((each) => each.address === nameOrAddress);
    if (wanted) return family === 6 ? `::%${name}` : wanted.address;
  }
  const names = all.map(([name, addresses]) => `${name} (${addresses.map((each) => each.address).join(", ")})`);
  throw new SightlineError(
    "not-found",
    `there is no network interface '${nameOrAddress}': here are ${names.join("; ")}`,
  );
}
