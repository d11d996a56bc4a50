import { isIPv6 } from "node:net";

/**
 * What clients are told apart by where somebody may have too much of something: the address, or with IPv6 the first 64 bits, of
 * which a host has the others to itself (RFC 4291 §2.5.4).
 */
export function clientNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.replace(/%.*$/, "").toLowerCase().split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const after = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length;
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill("0"), ...after].slice(0, 4).join(":");
}
