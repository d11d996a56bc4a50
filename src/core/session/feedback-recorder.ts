import type { PacketArrival, TransportFeedback } from "../rtcp/index.js";
import { type SequenceNumber, SequenceUnwrapper, sequenceNumber } from "../rtp/index.js";
import { earliest, elapsed, later, type Micros, micros, millis, NEVER } from "../time.js";

/** A message tells of about this many packets: its own bytes are then some 0.5 % of theirs, … */
const PACKETS_A_MESSAGE = 20;
/** … but it comes no more often than this, about a frame of an ordinary network's queue, and at least this often. */
const LEAST_INTERVAL = millis(20);
const MOST_INTERVAL = millis(100);
/** The first message comes soon: the sender knows nothing of the path, and its first picture is large. */
const FIRST_INTERVAL = millis(5);
/** How fast the interval may grow, from message to message: where the path narrows, fewer packets come but more is to tell. */
const SLOWING = 1.15;
/** Packets remembered, so that one that comes late can be told together with its neighbours. */
const WINDOW = 1_024;

/** Records when packets arrived, by transport-wide sequence number, and tells the sender. */
export class FeedbackRecorder {
  private unwrapper = new SequenceUnwrapper();
  private readonly arrivals = new Map<number, Micros>();
  /** The next message begins here; undefined before the first packet. */
  private begin: number | undefined;
  private highest = 0;
  private feedbackCount = 0;
  /** When the first packet came that is still to be told; `NEVER` if none is. */
  private pendingSince: Micros = NEVER;
  private toldAt: Micros | undefined;
  private interval = FIRST_INTERVAL;

  /** A packet arrived. */
  record(now: Micros, arrival: Micros, sequence: SequenceNumber): void {
    let extended = this.unwrapper.unwrap(sequence);
    if (this.begin !== undefined && Math.abs(extended - this.highest) > WINDOW) {
      // A sender that counts anew; or a stray, after which the next packet starts anew again.
      this.arrivals.clear();
      this.begin = undefined;
      this.unwrapper = new SequenceUnwrapper();
      extended = this.unwrapper.unwrap(sequence);
    }
    if (this.arrivals.has(extended)) return;
    if (this.begin === undefined) {
      this.begin = extended;
      this.highest = extended;
    }
    this.arrivals.set(extended, arrival);
    this.begin = Math.min(this.begin, extended);
    this.highest = Math.max(this.highest, extended);
    if (this.pendingSince === NEVER) this.pendingSince = now;
  }

  /** When there is something to tell. */
  nextTimeout(): Micros {
    if (this.begin === undefined || this.pendingSince === NEVER) return NEVER;
    const pending = this.highest - this.begin;
    return later(
      this.pendingSince,
      pending >= PACKETS_A_MESSAGE ? earliest(LEAST_INTERVAL, this.interval) : this.interval,
    );
  }

  /** The next message, if one is due at `now`. */
  poll(
    now: Micros,
    streams: { readonly senderSsrc: number; readonly mediaSsrc: number },
  ): TransportFeedback | undefined {
    if (now < this.nextTimeout() || this.begin === undefined) return undefined;
    this.adaptInterval(now, this.highest + 1 - this.begin);
    this.pendingSince = NEVER;
    const packets: PacketArrival[] = [];
    let earliestArrival = NEVER;
    for (let extended = this.begin; extended <= this.highest; extended++) {
      const arrival = this.arrivals.get(extended);
      packets.push({ sequenceNumber: sequenceNumber(extended), arrival });
      if (arrival !== undefined && arrival < earliestArrival) earliestArrival = arrival;
    }
    const baseSequenceNumber = sequenceNumber(this.begin);
    const feedbackCount = this.feedbackCount;
    this.feedbackCount = (feedbackCount + 1) & 0xff;
    this.begin = this.highest + 1;
    this.forgetOld();
    return {
      kind: "transport-feedback",
      ...streams,
      baseSequenceNumber,
      feedbackCount,
      referenceTime: earliestArrival,
      packets,
    };
  }

  private adaptInterval(now: Micros, packets: number): void {
    const span = this.toldAt === undefined ? MOST_INTERVAL : elapsed(this.toldAt, now);
    this.toldAt = now;
    const wanted = Math.min((span / packets) * PACKETS_A_MESSAGE, Math.max(this.interval, LEAST_INTERVAL) * SLOWING);
    this.interval = micros(Math.min(Math.max(wanted, LEAST_INTERVAL), MOST_INTERVAL));
  }

  private forgetOld(): void {
    if (this.arrivals.size <= WINDOW) return;
    for (const extended of this.arrivals.keys()) {
      if (extended < this.highest - WINDOW / 2) this.arrivals.delete(extended);
    }
  }
}
