import { networkInterfaces } from "node:os";
import type { UdpAddress } from "../address.js";
import type { LibC } from "./libc.js";

/** Linux's numbers of the address families. */
const AF_INET = 2;
const AF_INET6 = 10;
const IPV4_BYTES = 16;
const IPV6_BYTES = 28;

/**
 * An address as the system calls of Linux take it (`struct sockaddr_in`, `sockaddr_in6`).
 *
 * ```text
 * | family (2) | port (2) | IPv4 address (4) | 0 (8)                                       numbers but the
 * | family (2) | port (2) | flow (4) | IPv6 address (16) | interface's number (4)         port: low byte first
 * ```
 *
 * @returns undefined if it is no literal address, or names an interface that does not exist
 */
export function encodeSocketAddress(libc: LibC, { address, family, port }: UdpAddress): Buffer | undefined {
  const [literal = "", zone] = address.split("%");
  const encoded = Buffer.alloc(family === 6 ? IPV6_BYTES : IPV4_BYTES);
  const [number, offset] = family === 6 ? [AF_INET6, 8] : [AF_INET, 4];
  encoded.writeUInt16LE(number);
  encoded.writeUInt16BE(port, 2);
  const bytes = Buffer.alloc(16);
  if (libc.inet_pton(number, literal, bytes) !== 1) return undefined;
  bytes.copy(encoded, offset);
  if (zone !== undefined) {
    const scope = networkInterfaces()[zone]?.find((each) => each.family === "IPv6")?.scopeid;
    if (scope === undefined) return undefined;
    encoded.writeUInt32LE(scope, 24);
  }
  return encoded;
}
