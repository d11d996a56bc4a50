import { elapsed, later, type Micros, micros, millis } from "sightline/core";
import type { VirtualTime } from "../virtual-time.js";

const SEGMENT_BYTES = 1_480;
const ACK_BYTES = 40;
const INITIAL_WINDOW = 10;
/** Acknowledgements of later segments after which a segment is lost (RFC 5681 §3.2). */
const DUPLICATES = 3;
const RENO_DECREASE = 0.5;
/** RFC 9438 §4.6 and §4.1. */
const CUBIC_DECREASE = 0.7;
const CUBIC_C = 0.4;
const LEAST_TIMEOUT = millis(200);

/** A packet that arrived. */
export interface Arrival {
  readonly sentAt: Micros;
  readonly at: Micros;
  readonly sizeBytes: number;
}

/** The ways out and back: when what is sent now arrives; not at all if it is lost. */
export interface TcpPath {
  readonly forward: (sizeBytes: number) => readonly Micros[];
  readonly backward: (sizeBytes: number) => readonly Micros[];
}

interface Segment {
  readonly sentAt: Micros;
  later: number;
}

/** A download: a TCP flow that always has something to send. */
export interface TcpTraffic {
  readonly kind: "tcp";
  readonly variant: "reno" | "cubic" | "bbr";
}

/** A TCP flow that always has something to send: window, slow start, Reno (RFC 5681) or CUBIC (RFC 9438), no pacing. */
export class TcpFlow {
  readonly name = "tcp";
  readonly arrivals: Arrival[] = [];
  private readonly time: VirtualTime;
  private readonly options: TcpPath & { readonly kind: "reno" | "cubic" };
  private readonly outstanding = new Map<number, Segment>();
  private next = 0;
  private window = INITIAL_WINDOW;
  private slowStartThreshold = Number.POSITIVE_INFINITY;
  /** Losses of segments sent before are the same event. */
  private recoverUntil = 0;
  private epoch: { readonly at: Micros; readonly maximum: number } | undefined;
  private roundTrip = millis(100);
  private lastAckAt: Micros;

  constructor(time: VirtualTime, options: TcpFlow["options"]) {
    this.time = time;
    this.options = options;
    this.lastAckAt = time.now;
    this.send();
    this.watch();
  }

  private send(): void {
    const { now } = this.time;
    while (this.outstanding.size < Math.floor(this.window)) {
      const number = this.next++;
      this.outstanding.set(number, { sentAt: now, later: 0 });
      for (const at of this.options.forward(SEGMENT_BYTES)) {
        this.time.schedule(at, () => {
          this.arrivals.push({ sentAt: now, at: this.time.now, sizeBytes: SEGMENT_BYTES });
          for (const back of this.options.backward(ACK_BYTES)) this.time.schedule(back, () => this.acknowledge(number));
        });
      }
    }
  }

  private acknowledge(number: number): void {
    const segment = this.outstanding.get(number);
    if (segment === undefined) return;
    this.outstanding.delete(number);
    this.lastAckAt = this.time.now;
    this.roundTrip = micros(this.roundTrip * 0.875 + elapsed(segment.sentAt, this.time.now) * 0.125);
    for (const [older, waiting] of this.outstanding) {
      if (older > number) break;
      waiting.later += 1;
      if (waiting.later < DUPLICATES) continue;
      this.outstanding.delete(older);
      this.onLoss(older);
    }
    this.grow();
    this.send();
  }

  private grow(): void {
    if (this.window < this.slowStartThreshold) {
      this.window += 1;
      return;
    }
    if (this.options.kind === "reno" || this.epoch === undefined) {
      this.window += 1 / this.window;
      return;
    }
    const { at, maximum } = this.epoch;
    const t = (elapsed(at, this.time.now) + this.roundTrip) / 1e6;
    const k = Math.cbrt((maximum * (1 - CUBIC_DECREASE)) / CUBIC_C);
    const target = Math.min(CUBIC_C * (t - k) ** 3 + maximum, this.window * 1.5);
    const renoPerAck = (3 * (1 - CUBIC_DECREASE)) / (1 + CUBIC_DECREASE) / this.window;
    this.window += Math.max((target - this.window) / this.window, renoPerAck);
  }

  private onLoss(number: number): void {
    if (number < this.recoverUntil) return;
    this.recoverUntil = this.next;
    this.epoch = { at: this.time.now, maximum: this.window };
    this.window = Math.max(this.window * (this.options.kind === "reno" ? RENO_DECREASE : CUBIC_DECREASE), 2);
    this.slowStartThreshold = this.window;
  }

  private watch(): void {
    const timeout = micros(Math.max(LEAST_TIMEOUT, this.roundTrip * 2));
    this.time.schedule(later(this.time.now, timeout), () => {
      if (elapsed(this.lastAckAt, this.time.now) >= timeout) {
        this.outstanding.clear();
        this.slowStartThreshold = Math.max(this.window / 2, 2);
        this.window = 1;
        this.epoch = undefined;
        this.recoverUntil = this.next;
        this.send();
      }
      this.watch();
    });
  }
}
