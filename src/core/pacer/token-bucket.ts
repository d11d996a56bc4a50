import { elapsed, later, type Micros, micros, millis, NEVER, toMillis } from "../time.js";
import type { PacedPacket, Pacer, PacerStatistics } from "./pacer.js";

/**
 * What may leave at once after a pause: 40 packets of 1,200 bytes. That covers an ordinary frame whole (8 Mb/s at 30 frames
 * per second makes 28 packets), and stays below the 90 or so packets that Linux's default socket buffer of 208 KiB holds.
 */
const MOST_BURST_BYTES = 48_000;
/** On a slower path that much at once would be a queue: no more than the rate carries in this time, */
const BURST_TIME = millis(5);
/** and no less than two packets. */
const LEAST_BURST_BYTES = 2_400;
/**
 * Timers fire late: what the rate carries in this time is made up for while packets wait. Measured on a loaded machine at
 * 400 Mb/s: a frame of 870 kB is through after 16 ms instead of 27.
 */
const LATENESS = millis(3);
/** Waking more often than this costs more than it smoothes; a network card's queue takes a millisecond's worth. */
const QUANTUM = millis(1);

/** Settings of {@link TokenBucketPacer}. */
export interface TokenBucketOptions {
  /** The rate at which the bucket fills. */
  readonly rateBps: number;
  /** The bucket's size: what may leave at once after a pause. Default: follows the rate. */
  readonly burstBytes?: number;
}

interface Waiting<P> {
  readonly packet: P;
  readonly since: Micros;
}

/**
 * A token bucket: a burst leaves at once, the rest at the rate, a millisecond's worth at a time. Repairs leave even from an
 * empty bucket, and what follows waits for it; but no more than another burst of them does, because what a full queue has
 * lost would be lost again.
 */
export class TokenBucketPacer<P extends PacedPacket> implements Pacer<P> {
  private readonly fixedBurstBytes: number | undefined;
  private readonly repairs: Waiting<P>[] = [];
  private readonly media: Waiting<P>[] = [];
  private bytesPerMicro: number;
  private burstBytes: number;
  private tokens: number;
  private filledAt: Micros | undefined;
  private queuedBytes = 0;
  private longestWait = 0 as Micros;

  constructor({ rateBps, burstBytes }: TokenBucketOptions) {
    this.bytesPerMicro = toBytesPerMicro(rateBps);
    this.fixedBurstBytes = burstBytes;
    this.burstBytes = burstBytes ?? burstAt(this.bytesPerMicro);
    this.tokens = this.burstBytes;
  }

  /** {@inheritDoc Pacer.enqueue} */
  enqueue(now: Micros, packet: P): void {
    this.fill(now);
    (packet.pacing === "repair" ? this.repairs : this.media).push({ packet, since: now });
    this.queuedBytes += packet.sizeBytes;
  }

  /** {@inheritDoc Pacer.poll} */
  poll(now: Micros): P | undefined {
    this.fill(now);
    const repair = this.tokens > -this.burstBytes ? this.repairs.shift() : undefined;
    const waiting = repair ?? (this.tokens > 0 ? this.media.shift() : undefined);
    if (waiting === undefined) return undefined;
    const { packet, since } = waiting;
    this.tokens -= packet.sizeBytes;
    this.queuedBytes -= packet.sizeBytes;
    this.longestWait = micros(Math.max(this.longestWait, now - since));
    return packet;
  }

  /** {@inheritDoc Pacer.nextTimeout} */
  nextTimeout(): Micros {
    const filledAt = this.filledAt;
    if (filledAt === undefined || this.repairs.length + this.media.length === 0) return NEVER;
    const least = this.repairs.length > 0 ? -this.burstBytes : 0;
    if (this.tokens > least) return filledAt;
    const untilDue = Math.floor((least - this.tokens) / this.bytesPerMicro) + 1;
    return later(filledAt, micros(Math.max(untilDue, QUANTUM)));
  }

  /** {@inheritDoc Pacer.backlog} */
  backlog(): Micros {
    return micros(Math.max(0, this.queuedBytes - this.tokens) / this.bytesPerMicro);
  }

  /** {@inheritDoc Pacer.clear} */
  clear(): readonly P[] {
    this.queuedBytes = 0;
    return [...this.repairs.splice(0), ...this.media.splice(0)].map(({ packet }) => packet);
  }

  /** {@inheritDoc Pacer.setRate} */
  setRate(rateBps: number): void {
    this.bytesPerMicro = toBytesPerMicro(rateBps);
    this.burstBytes = this.fixedBurstBytes ?? burstAt(this.bytesPerMicro);
  }

  /** {@inheritDoc Pacer.stats} */
  stats(): PacerStatistics {
    const longestWaitMs = toMillis(this.longestWait);
    this.longestWait = micros(0);
    return {
      rateBps: this.bytesPerMicro * 8_000_000,
      queuedPackets: this.repairs.length + this.media.length,
      queuedBytes: this.queuedBytes,
      longestWaitMs,
    };
  }

  private fill(now: Micros): void {
    if (this.filledAt !== undefined) {
      const span = elapsed(this.filledAt, now);
      if (span <= 0) return;
      const isWaiting = this.repairs.length + this.media.length > 0;
      const mostBytes = isWaiting ? Math.max(this.burstBytes, this.bytesPerMicro * LATENESS) : this.burstBytes;
      this.tokens = Math.min(this.tokens + span * this.bytesPerMicro, mostBytes);
    }
    this.filledAt = now;
  }
}

function burstAt(bytesPerMicro: number): number {
  return Math.min(Math.max(bytesPerMicro * BURST_TIME, LEAST_BURST_BYTES), MOST_BURST_BYTES);
}

function toBytesPerMicro(rateBps: number): number {
  return rateBps / 8_000_000;
}
