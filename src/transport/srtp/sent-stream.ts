/** Packets that are kept to be sent again: at 1,000 a second, half a second's worth. */
const KEPT_PACKETS = 512;

interface SentPacket {
  readonly index: number;
  readonly sealed: Uint8Array;
}

/**
 * One of our own streams: its packets get ascending indices, each once. A packet that is sent again as it was, because its
 * stream has no other for retransmissions (RFC 4588), leaves as the same bytes.
 */
export class SentStream {
  private last: number | undefined;
  private readonly kept: (SentPacket | undefined)[] = [];

  /** The index of the last packet; undefined before the first. */
  get lastIndex(): number | undefined {
    return this.last;
  }

  /** The packet with this index as it was sent, while it is kept. */
  find(index: number): Uint8Array | undefined {
    const found = this.kept[index % KEPT_PACKETS];
    return found?.index === index ? found.sealed : undefined;
  }

  /** A packet was sealed, with an index beyond the last. */
  add(index: number, sealed: Uint8Array): void {
    this.last = index;
    this.kept[index % KEPT_PACKETS] = { index, sealed };
  }
}
