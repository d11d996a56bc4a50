/** Protects datagrams on their way out and opens those that come. Remote ends are named as sockets name them. */
export interface DatagramProtection {
  /**
   * The datagram as it goes on the wire.
   *
   * @returns undefined if it must not be sent: it would repeat an index, or nothing is known of `remote` yet
   */
  protect(datagram: Uint8Array, remote: string): Uint8Array | undefined;
  /**
   * The datagram that was protected.
   *
   * @returns undefined if it is not authentic, or came before
   */
  unprotect(datagram: Uint8Array, remote: string): Uint8Array | undefined;
}

/** Leaves datagrams as they are. */
export const UNPROTECTED: DatagramProtection = { protect: (datagram) => datagram, unprotect: (datagram) => datagram };
