import { type Micros, micros, NEVER } from "../time.js";
import type { PacedPacket, Pacer, PacerStatistics } from "./pacer.js";

/** Lets every packet go at once, repairs first. For links that pace by themselves, and to measure what pacing costs. */
export class Unpaced<P extends PacedPacket> implements Pacer<P> {
  private readonly repairs: P[] = [];
  private readonly media: P[] = [];
  private queuedBytes = 0;
  private oldest: Micros = NEVER;

  /** {@inheritDoc Pacer.enqueue} */
  enqueue(now: Micros, packet: P): void {
    (packet.pacing === "repair" ? this.repairs : this.media).push(packet);
    this.queuedBytes += packet.sizeBytes;
    if (this.oldest === NEVER) this.oldest = now;
  }

  /** {@inheritDoc Pacer.poll} */
  poll(_now: Micros): P | undefined {
    const packet = this.repairs.shift() ?? this.media.shift();
    if (packet !== undefined) this.queuedBytes -= packet.sizeBytes;
    if (this.repairs.length + this.media.length === 0) this.oldest = NEVER;
    return packet;
  }

  /** {@inheritDoc Pacer.nextTimeout} */
  nextTimeout(): Micros {
    return this.oldest;
  }

  /** Nothing has to wait. */
  backlog(): Micros {
    return micros(0);
  }

  /** {@inheritDoc Pacer.clear} */
  clear(): readonly P[] {
    this.queuedBytes = 0;
    this.oldest = NEVER;
    return [...this.repairs.splice(0), ...this.media.splice(0)];
  }

  /** There is no rate to change. */
  setRate(_rateBps: number): void {}

  /** {@inheritDoc Pacer.stats} */
  stats(): PacerStatistics {
    return {
      rateBps: Number.POSITIVE_INFINITY,
      queuedPackets: this.repairs.length + this.media.length,
      queuedBytes: this.queuedBytes,
      longestWaitMs: 0,
    };
  }
}
