import { isIP, isIPv6 } from "node:net";
import type { MachineAddress } from "./machine-addresses.js";

/** What stands in a link beside the address. */
export interface LinkOptions {
  readonly port: number;
  readonly secure: boolean;
  readonly token?: string | undefined;
  /** Where the server listens; every address when absent or unspecified. */
  readonly bindAddress?: string | undefined;
}

/** Writes the link under each address: one for each interface, `localhost` last. */
export function linksTo(addresses: readonly MachineAddress[], options: LinkOptions): string[] {
  const { bindAddress } = options;
  const isEverywhere = bindAddress === undefined || bindAddress === "0.0.0.0" || bindAddress === "::";
  if (!isEverywhere) return [link(bindAddress, options)];
  const seen = new Set<string>();
  const reachable = addresses.filter(({ isLoopback, family, name }) => {
    if (isLoopback || seen.has(name) || (bindAddress === "0.0.0.0" && family === "IPv6")) return false;
    seen.add(name);
    return true;
  });
  return [...reachable.map(({ address }) => address), "localhost"].map((host) => link(host, options));
}

function link(host: string, { port, secure, token }: LinkOptions): string {
  const authority = isIP(host) && isIPv6(host) ? `[${host}]` : host;
  const query = token === undefined ? "" : `?token=${token}`;
  return `${secure ? "https" : "http"}://${authority}:${port}/${query}`;
}
