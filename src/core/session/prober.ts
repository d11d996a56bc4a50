import type { ProbeRequest } from "../congestion/index.js";
import { elapsed, later, type Micros, micros, millis, NEVER } from "../time.js";

/** Padding leaves a millisecond's worth at a time, as paced media does. */
const QUANTUM = millis(1);
/** A probe that could not be carried out by then measures nothing any more. */
const LONGEST = millis(500);

/**
 * Carries out the probes that congestion control asks for: tells which packets belong to one, and how much padding is due
 * because there is too little media. The sender paces media at no less than {@link rateBps} meanwhile.
 */
export class Prober {
  private active: { readonly request: ProbeRequest; readonly since: Micros; sentBytes: number } | undefined;
  private lastId = 0;

  /** Takes on a probe, unless it was taken on before. */
  follow(now: Micros, request: ProbeRequest | undefined): void {
    if (request === undefined || request.id === this.lastId) return;
    this.lastId = request.id;
    this.active = { request, since: now, sentBytes: 0 };
  }

  /** The rate of the probe under way; 0 if there is none. */
  get rateBps(): number {
    return this.active?.request.rateBps ?? 0;
  }

  /** A packet leaves. Returns the probe that it belongs to, if there is one under way. */
  onSent(sizeBytes: number): number | undefined {
    const { active } = this;
    if (active === undefined) return undefined;
    active.sentBytes += sizeBytes;
    if (active.sentBytes >= active.request.bytes) this.active = undefined;
    return active.request.id;
  }

  /** Bytes of padding to send at `now` if no media waits. */
  paddingDue(now: Micros): number {
    const { active } = this;
    if (active === undefined) return 0;
    const { request, since, sentBytes } = active;
    const span = elapsed(since, now);
    if (span > LONGEST) {
      this.active = undefined;
      return 0;
    }
    const due = ((span + QUANTUM) * request.rateBps) / 8_000_000;
    return Math.max(Math.min(due, request.bytes) - sentBytes, 0);
  }

  /** When more padding is due; `NEVER` while there is no probe under way. */
  nextTimeout(now: Micros): Micros {
    return this.active === undefined ? NEVER : later(now, micros(QUANTUM));
  }
}
