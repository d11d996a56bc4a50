import { createSocket, type Socket } from "node:dgram";
import { SightlineError } from "../core/index.js";
import {
  type AddressFamily,
  formatAddress,
  isMulticast,
  multicastInterface,
  parseAddress,
  type UdpAddress,
} from "./address.js";

/**
 * What we ask the kernel to hold for us between two turns of the event loop. With Linux's default of 208 KiB, 0.24 % of
 * 20,000 packets/s are lost on loopback; with this, none.
 */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** A frame leaves in one burst; the default send buffer drops the end of a large one. */
const SEND_BUFFER_BYTES = 4 * 1024 * 1024;
/** Remote ends remembered in parsed form; strangers who send from ever new ports must not fill memory. */
const MAX_RESOLVED = 256;
const MAPPED_PREFIX = "::ffff:";

/** Options of {@link UdpSocket.bind}. */
export interface UdpSocketOptions {
  readonly family: AddressFamily;
  /** The local address to receive at; all if left out. A multicast group is joined. */
  readonly address?: string;
  /** The local port; a free one if left out. */
  readonly port?: number;
  /** Name or address of the network interface that multicast goes through. */
  readonly interface?: string;
  /** Only this sender is heard in the group (source-specific multicast, RFC 4607). */
  readonly source?: string;
  /** How many routers multicast may cross; the system's default of 1 keeps it on the local network. */
  readonly multicastTtl?: number;
}

/** What a socket reports. */
export interface UdpListener {
  /** A datagram came. `data` is the listener's to keep. */
  datagram(data: Uint8Array, remote: string): void;
  /** Sending or receiving failed; the socket goes on. Repetitions of one failure are reported once a second at most. */
  failure(error: SightlineError): void;
}

/** A UDP socket: unicast or multicast, IPv4 or IPv6. Remote ends are `HOST:PORT` strings, as `formatAddress` writes them. */
export class UdpSocket {
  private readonly socket: Socket;
  private readonly family: AddressFamily;
  private readonly resolved = new Map<string, UdpAddress>();
  private listener: UdpListener | undefined;
  private closed = false;
  private lastFailure = { text: "", at: 0 };

  private constructor(socket: Socket, family: AddressFamily) {
    this.socket = socket;
    this.family = family;
    socket.on("message", (data, from) => {
      if (from.port !== 0) this.listener?.datagram(data, formatAddress(unmapped(from)));
    });
    socket.on("error", (error) => this.fail(error));
  }

  /**
   * Opens and binds a socket.
   *
   * @throws SightlineError `in-use` if another program has the port, `unreachable` if the address is not this machine's,
   *   `not-found` for an unknown interface
   */
  static async bind(options: UdpSocketOptions): Promise<UdpSocket> {
    const { address, port = 0 } = options;
    const group = address !== undefined && isMulticast(address) ? address : undefined;
    const socket = createSocket({
      type: options.family === 6 ? "udp6" : "udp4",
      reuseAddr: group !== undefined,
      recvBufferSize: RECEIVE_BUFFER_BYTES,
      sendBufferSize: SEND_BUFFER_BYTES,
      // Every address is a literal by now; without this, each send passes through the resolver.
      lookup: (host, _options, done) => done(null, host, options.family),
    });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        // Bound to the group itself where the system can, so that other groups on the same port stay out.
        const bindAddress = group !== undefined && process.platform === "win32" ? undefined : address;
        socket.bind({ port, ...(bindAddress && { address: bindAddress }) }, resolve);
      });
      socket.removeAllListeners("error");
      configureMulticast(socket, group, options);
    } catch (cause) {
      socket.close();
      throw cause instanceof SightlineError ? cause : bindError(cause as NodeJS.ErrnoException, options);
    }
    return new UdpSocket(socket, options.family);
  }

  /** The local port. */
  get port(): number {
    return this.socket.address().port;
  }

  /** The local address and port, as `formatAddress` writes them. */
  get address(): string {
    return formatAddress(unmapped(this.socket.address()));
  }

  /** What is wrong with the receive buffer and how to mend it, or undefined if the kernel granted what was asked. */
  get receiveBufferWarning(): string | undefined {
    // Linux reports twice what it grants: the other half is its own bookkeeping.
    const granted = this.socket.getRecvBufferSize() / (process.platform === "linux" ? 2 : 1);
    if (granted >= RECEIVE_BUFFER_BYTES) return undefined;
    const mend = process.platform === "linux" ? `: sudo sysctl -w net.core.rmem_max=${RECEIVE_BUFFER_BYTES}` : "";
    return `the system grants a receive buffer of ${granted >> 10} KiB instead of ${RECEIVE_BUFFER_BYTES >> 10} KiB, so bursts may be lost${mend}`;
  }

  /** Sets the one listener. */
  listen(listener: UdpListener): void {
    this.listener = listener;
  }

  /** Sends one datagram; failures reach {@link UdpListener.failure}. `data` must not be changed afterwards. */
  send(data: Uint8Array, remote: string): void {
    if (this.closed) return;
    const { port, address } = this.resolve(remote);
    this.socket.send(data, port, address, (error) => {
      if (error) this.fail(error);
    });
  }

  /** Closes the socket once what was handed to {@link send} has left. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }

  private resolve(remote: string): UdpAddress {
    let found = this.resolved.get(remote);
    if (!found) {
      if (this.resolved.size >= MAX_RESOLVED) this.resolved.clear();
      found = this.mapped(parseAddress(remote));
      this.resolved.set(remote, found);
    }
    return found;
  }

  /** An IPv6 socket reaches IPv4 through mapped addresses (RFC 4291 §2.5.5.2). */
  private mapped(remote: UdpAddress): UdpAddress {
    return this.family === 6 && remote.family === 4
      ? { ...remote, address: `${MAPPED_PREFIX}${remote.address}` }
      : remote;
  }

  private fail(error: NodeJS.ErrnoException): void {
    const at = performance.now();
    if (this.closed || (error.message === this.lastFailure.text && at - this.lastFailure.at < 1_000)) return;
    this.lastFailure = { text: error.message, at };
    this.listener?.failure(
      new SightlineError("unreachable", `the network refused a datagram: ${error.message}`, { cause: error }),
    );
  }
}

/**
 * Asks the system whether it knows a way to an address, without sending anything.
 *
 * @throws SightlineError `unreachable` if it does not
 */
export async function checkRoute(remote: UdpAddress): Promise<void> {
  const socket = createSocket(remote.family === 6 ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      // A callback would get the error as its argument, instead of the event.
      socket.once("error", reject);
      socket.once("connect", resolve);
      socket.connect(remote.port, remote.address);
    });
  } catch (cause) {
    throw new SightlineError(
      "unreachable",
      `there is no way to ${formatAddress(remote)} from here (${(cause as NodeJS.ErrnoException).code}): check the address and the network`,
      { cause },
    );
  } finally {
    socket.close();
  }
}

/** Strangers that speak IPv4 to an IPv6 socket are told by their IPv4 address. */
function unmapped({ address, port }: { readonly address: string; readonly port: number }): {
  readonly address: string;
  readonly port: number;
} {
  return { address: address.startsWith(MAPPED_PREFIX) ? address.slice(MAPPED_PREFIX.length) : address, port };
}

function configureMulticast(socket: Socket, group: string | undefined, options: UdpSocketOptions): void {
  const through = options.interface === undefined ? undefined : multicastInterface(options.interface, options.family);
  if (through !== undefined) socket.setMulticastInterface(through);
  if (options.multicastTtl !== undefined) socket.setMulticastTTL(options.multicastTtl);
  if (group === undefined) return;
  if (options.source !== undefined) socket.addSourceSpecificMembership(options.source, group, through);
  else socket.addMembership(group, through);
}

function bindError(cause: NodeJS.ErrnoException, { address = "", port = 0, family }: UdpSocketOptions): SightlineError {
  const where = formatAddress({ address: address || (family === 6 ? "::" : "0.0.0.0"), port });
  if (cause.code === "EADDRINUSE") {
    return new SightlineError("in-use", `port ${port} is in use by another program: end it or choose another port`, {
      cause,
    });
  }
  if (cause.code === "EACCES") {
    return new SightlineError("unreachable", `the system does not allow port ${port}: choose one above 1023`, {
      cause,
    });
  }
  return new SightlineError(
    "unreachable",
    `cannot receive at ${where} (${cause.code ?? cause.message}): check that the address is this machine's`,
    { cause },
  );
}
