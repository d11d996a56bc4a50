import { MAX_BATCH_BYTES, MAX_SEGMENTS } from "./segment-sender.js";

/** Takes what belongs together: datagrams to one place, in order, that can leave in one call. */
export type BatchFlush = (datagrams: readonly Uint8Array[], remote: string) => void;

/**
 * Gathers datagrams into batches that one system call can carry: to one address, of one size, the last perhaps shorter. A
 * batch that the next datagram does not fit is flushed, so the order stays.
 */
export class SendBatch {
  private readonly onFlush: BatchFlush;
  private datagrams: Uint8Array[] = [];
  private remote = "";
  private bytes = 0;

  constructor(onFlush: BatchFlush) {
    this.onFlush = onFlush;
  }

  /** Takes in a datagram. */
  add(datagram: Uint8Array, remote: string): void {
    if (!this.fits(datagram, remote)) this.flush();
    this.datagrams.push(datagram);
    this.remote = remote;
    this.bytes += datagram.length;
    if (datagram.length < this.datagrams[0]!.length) this.flush();
  }

  /** Hands out what was gathered. */
  flush(): void {
    if (this.datagrams.length === 0) return;
    const { datagrams, remote } = this;
    this.datagrams = [];
    this.bytes = 0;
    this.onFlush(datagrams, remote);
  }

  private fits(datagram: Uint8Array, remote: string): boolean {
    const [first] = this.datagrams;
    if (first === undefined) return true;
    return (
      remote === this.remote &&
      datagram.length <= first.length &&
      this.datagrams.length < MAX_SEGMENTS &&
      this.bytes + datagram.length <= MAX_BATCH_BYTES
    );
  }
}
