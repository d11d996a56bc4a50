import { later, micros, millis, type Rng } from "sightline/core";
import { exponential } from "../network/distributions.js";
import type { VirtualTime } from "../virtual-time.js";

const PACKET_BYTES = 1_200;

/** Packets at a constant rate while it is on; how long it is on and off is drawn each time. It yields to nobody. */
export interface OnOffTraffic {
  readonly kind: "on-off";
  readonly bitrateBps: number;
  /** The means; without pauses it is always on. */
  readonly onMs: number;
  readonly offMs: number;
}

/** Sends {@link OnOffTraffic}, until `until`. */
export class OnOffFlow {
  private readonly time: VirtualTime;
  private readonly traffic: OnOffTraffic;
  private readonly rng: Rng;
  private readonly until: number;
  private readonly send: (sizeBytes: number) => void;
  private onUntil = 0;

  constructor(
    time: VirtualTime,
    traffic: OnOffTraffic,
    { rng, until, send }: { readonly rng: Rng; readonly until: number; readonly send: (sizeBytes: number) => void },
  ) {
    this.time = time;
    this.traffic = traffic;
    this.rng = rng;
    this.until = until;
    this.send = send;
    this.turnOn();
  }

  private turnOn(): void {
    const { onMs, offMs } = this.traffic;
    this.onUntil = offMs === 0 ? Number.POSITIVE_INFINITY : this.time.now + this.draw(onMs);
    this.next();
  }

  private next(): void {
    const { now } = this.time;
    if (now >= this.until) return;
    if (now >= this.onUntil) {
      this.time.schedule(later(now, micros(this.draw(this.traffic.offMs))), () => this.turnOn());
      return;
    }
    this.send(PACKET_BYTES);
    const spacing = Math.round((PACKET_BYTES * 8_000_000) / this.traffic.bitrateBps);
    this.time.schedule(later(now, micros(spacing)), () => this.next());
  }

  private draw(meanMs: number): number {
    return Math.round(exponential(this.rng, millis(meanMs)));
  }
}
