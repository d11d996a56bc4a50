import { networkInterfaces } from "node:os";
import {
  type HostPort,
  isMulticast,
  parseAddress,
  resolveHost,
  UdpSocket,
  type UdpSocketOptions,
} from "../transport/index.js";

/** Error codes of machines where IPv6 is turned off. */
const NO_IPV6 = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);

/** Where to listen. */
export interface Listening {
  readonly socket: UdpSocketOptions;
  /** Only datagrams from this address are heard. */
  readonly onlyFrom?: string;
}

/** What the user said about multicast. */
export interface MulticastOptions {
  readonly interface?: string;
  /** Only this sender of the group is wanted. */
  readonly source?: string;
}

/**
 * Where to listen for `HOST:PORT`: at all addresses if there is no host; at HOST if it is ours; in the group if it is one;
 * else at all addresses, for what HOST sends.
 *
 * @throws SightlineError `unreachable` if the name cannot be resolved
 */
export async function listeningAt({ host, port }: HostPort, options: MulticastOptions = {}): Promise<Listening> {
  // An IPv6 socket without an address hears IPv4 as well.
  if (host === "") return { socket: { family: 6, port } };
  const { address, family } = await resolveHost({ host, port });
  if (isMulticast(address)) {
    const through = options.interface !== undefined && { interface: options.interface };
    const source = options.source !== undefined && { source: options.source };
    return { socket: { family, address, port, ...through, ...source } };
  }
  return isOwnAddress(address)
    ? { socket: { family, address, port } }
    : { socket: { family, port }, onlyFrom: address };
}

/**
 * Binds a socket for what {@link Listening} says; where IPv6 is turned off, at IPv4 alone.
 *
 * @throws SightlineError `in-use` or `unreachable` if it cannot be bound
 */
export async function bindListening({ socket }: Listening): Promise<UdpSocket> {
  try {
    return await UdpSocket.bind(socket);
  } catch (error) {
    const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? "";
    if (socket.address === undefined && socket.family === 6 && NO_IPV6.has(code)) {
      return UdpSocket.bind({ ...socket, family: 4 });
    }
    throw error;
  }
}

/** Whether a remote end, as a socket reports it, has an IP address. */
export function isFrom(remote: string, address: string): boolean {
  return parseAddress(remote).address === address;
}

/** Whether an address is this machine's own. */
export function isOwnAddress(address: string): boolean {
  if (/^127\.|^::1$|^0\.0\.0\.0$|^::$/.test(address)) return true;
  const bare = address.replace(/%.*$/, "");
  return Object.values(networkInterfaces()).some((each) => each?.some((own) => own.address === bare));
}
