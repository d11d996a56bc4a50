import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";

/** Names that only this machine's own network can give (RFC 6761, RFC 6762, RFC 8375 and what routers use). */
const LOCAL_SUFFIXES = ["localhost", "local", "home.arpa", "internal", "lan", "localdomain"];

/**
 * The names under which this server may be asked. A web page of a stranger can have its own name answer with our address and then
 * passes for the same origin (DNS rebinding): its name is what gives it away. An address in the URL cannot be rebound.
 */
export class HostNames {
  private readonly own: ReadonlySet<string>;
  private readonly certificate: X509Certificate | undefined;

  /**
   * @param names - further names that lead here, for example a proxy's
   * @param certificate - whose names lead here too
   */
  constructor(names: readonly string[], certificate?: X509Certificate) {
    const machine = hostname().toLowerCase();
    this.own = new Set([machine, machine.split(".", 1)[0]!, ...names.map((name) => name.toLowerCase())]);
    this.certificate = certificate;
  }

  /**
   * Whether the name leads here by right.
   *
   * @param hostName - of a URL: lower case, IPv6 in brackets, without the port
   */
  includes(hostName: string): boolean {
    const name = hostName.replace(/\.$/, "");
    if (isIP(name.replace(/^\[|\]$/g, ""))) return true;
    if (this.own.has(name)) return true;
    if (LOCAL_SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`))) return true;
    return this.certificate?.checkHost(name) !== undefined;
  }
}
