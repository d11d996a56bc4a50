import type { Socket } from "node:dgram";
import { SightlineError } from "../core/index.js";
import { type AddressFamily, formatAddress, parseAddress, type UdpAddress } from "./address.js";
import { SegmentSender } from "./segmentation/segment-sender.js";
import { SendBatch } from "./segmentation/send-batch.js";
import { bindSocket, RECEIVE_BUFFER_BYTES, type UdpSocketOptions } from "./udp-binding.js";

/** Remote ends remembered in parsed form; strangers who send from ever new ports must not fill memory. */
const MAX_RESOLVED = 256;
const MAPPED_PREFIX = "::ffff:";

/** Whether a socket sends many datagrams in one system call: `possible` before it has tried. */
export type Segmentation = "possible" | "works" | "unsupported";

/** An address in the forms in which the system takes it. */
interface Destination {
  readonly address: string;
  readonly port: number;
  /** For batches; undefined once they were refused. */
  encoded: Uint8Array | undefined;
}

let segmentSender: { readonly sender: SegmentSender | undefined } | undefined;

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
  private readonly resolved = new Map<string, Destination>();
  private readonly segments: SegmentSender | undefined;
  private readonly batch = new SendBatch((datagrams, remote) => this.sendBatch(datagrams, remote));
  private readonly fd: number | undefined;
  private hasSegmented = false;
  private listener: UdpListener | undefined;
  private closed = false;
  private lastFailure = { text: "", at: 0 };

  private constructor(socket: Socket, family: AddressFamily) {
    this.socket = socket;
    this.family = family;
    this.fd = fileDescriptor(socket);
    segmentSender ??= { sender: SegmentSender.create() };
    this.segments = segmentSender.sender;
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
    return new UdpSocket(await bindSocket(options), options.family);
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

  /** Whether batches leave in one system call. */
  get segmentation(): Segmentation {
    if (this.hasSegmented) return "works";
    return this.segments === undefined || [...this.resolved.values()].some(({ encoded }) => !encoded)
      ? "unsupported"
      : "possible";
  }

  /** Sends one datagram; failures reach {@link UdpListener.failure}. `data` must not be changed afterwards. */
  send(data: Uint8Array, remote: string): void {
    this.batch.flush();
    this.sendNow(data, this.resolve(remote));
  }

  /**
   * Sends one datagram like {@link send}, but no later than at the next {@link flush}: what several calls of one turn of
   * the event loop send to one address then costs little more than one datagram, where the system can do that.
   */
  queue(data: Uint8Array, remote: string): void {
    this.batch.add(data, remote);
  }

  /** Sends what is queued. */
  flush(): void {
    this.batch.flush();
  }

  /** Closes the socket once what was handed to {@link send} has left. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.batch.flush();
    this.closed = true;
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }

  private sendNow(data: Uint8Array, { port, address }: Destination): void {
    if (this.closed) return;
    this.socket.send(data, port, address, (error) => {
      if (error) this.fail(error);
    });
  }

  private sendBatch(datagrams: readonly Uint8Array[], remote: string): void {
    const destination = this.resolve(remote);
    if (datagrams.length > 1 && this.sendSegments(datagrams, destination)) return;
    for (const datagram of datagrams) this.sendNow(datagram, destination);
  }

  /** Returns whether the batch has left. */
  private sendSegments(datagrams: readonly Uint8Array[], destination: Destination): boolean {
    const { segments, fd } = this;
    const { encoded } = destination;
    if (segments === undefined || fd === undefined || encoded === undefined || this.closed) return false;
    if (this.socket.getSendQueueCount() > 0) return false; // what waits in Node's own queue goes first
    const result = segments.send(fd, datagrams, encoded);
    if (result === "sent") this.hasSegmented = true;
    if (result === "refused") destination.encoded = undefined;
    return result === "sent";
  }

  private resolve(remote: string): Destination {
    let found = this.resolved.get(remote);
    if (!found) {
      if (this.resolved.size >= MAX_RESOLVED) this.resolved.clear();
      const address = this.mapped(parseAddress(remote));
      found = { address: address.address, port: address.port, encoded: this.segments?.encodeAddress(address) };
      this.resolved.set(remote, found);
    }
    return found;
  }

  /** An IPv6 socket reaches IPv4 through mapped addresses (RFC 4291 §2.5.5.2). */
  private mapped(remote: UdpAddress): UdpAddress {
    return this.family === 6 && remote.family === 4
      ? { ...remote, family: 6, address: `${MAPPED_PREFIX}${remote.address}` }
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
 * The number that the system has for a socket. Node has no public name for it, and warns of the old one; without it there
 * are no batches.
 */
function fileDescriptor(socket: Socket): number | undefined {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === "state symbol");
  const state = symbol && (socket as unknown as Record<symbol, { readonly handle?: { readonly fd?: number } }>)[symbol];
  const fd = state?.handle?.fd;
  return fd !== undefined && fd >= 0 ? fd : undefined;
}

/** Strangers that speak IPv4 to an IPv6 socket are told by their IPv4 address. */
function unmapped({ address, port }: { readonly address: string; readonly port: number }): {
  readonly address: string;
  readonly port: number;
} {
  return { address: address.startsWith(MAPPED_PREFIX) ? address.slice(MAPPED_PREFIX.length) : address, port };
}
