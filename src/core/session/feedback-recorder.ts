import type { PacketArrival, TransportFeedback } from "../rtcp/index.js";
import { type SequenceNumber, SequenceUnwrapper, sequenceNumber } from "../rtp/index.js";
import { later, type Micros, millis, NEVER } from "../time.js";

/** Congestion control wants it each round trip or so; at this interval it is about 1 % of a megabit stream … */
const BUSY_INTERVAL = millis(50);
/** … and a stream of fewer packets than this in a message has nothing to tell that could not wait longer. */
const BUSY_PACKETS = 16;
const QUIET_INTERVAL = millis(100);
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
    const isBusy = this.highest - this.begin >= BUSY_PACKETS;
    return later(this.pendingSince, isBusy ? BUSY_INTERVAL : QUIET_INTERVAL);
  }

  /** The next message, if one is due at `now`. */
  poll(
    now: Micros,
    streams: { readonly senderSsrc: number; readonly mediaSsrc: number },
  ): TransportFeedback | undefined {
    if (now < this.nextTimeout() || this.begin === undefined) return undefined;
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

  private forgetOld(): void {
    if (this.arrivals.size <= WINDOW) return;
    for (const extended of this.arrivals.keys()) {
      if (extended < this.highest - WINDOW / 2) this.arrivals.delete(extended);
    }
  }
}
