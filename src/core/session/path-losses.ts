import { LossCounter, type LossObservation } from "../fec/index.js";
import type { TransportFeedback } from "../rtcp/index.js";
import { isNewer, type SequenceNumber, SequenceUnwrapper } from "../rtp/index.js";
import { elapsed, type Micros, millis } from "../time.js";

/** A packet that feedback calls lost may only have been overtaken: the next message tells. Far above what networks reorder. */
const SETTLED_AFTER = millis(60);
/** Packets whose fate is not settled yet; more than a fast stream sends in a second. */
const MAX_UNSETTLED = 8_192;

interface Fate {
  readonly sequence: number;
  readonly toldAt: Micros;
  received: boolean;
}

/** Makes of one receiver's transport-wide feedback what became of each packet, once and in the order of sending. */
export class PathLosses {
  private readonly counter = new LossCounter();
  private readonly unwrapper = new SequenceUnwrapper();
  /** Ascending; of what lies between two messages, because one was lost, nothing is known. */
  private unsettled: Fate[] = [];
  private settledUpTo = 0;

  /**
   * A message came. What it says of packets beyond `newestSent` is no truth, and would hide what is told of them later.
   */
  onFeedback(now: Micros, { packets }: TransportFeedback, newestSent: SequenceNumber): void {
    for (const { sequenceNumber, arrival } of packets) {
      if (isNewer(sequenceNumber, newestSent)) continue;
      const sequence = this.unwrapper.unwrap(sequenceNumber);
      const known = this.find(sequence);
      if (known !== undefined) known.received ||= arrival !== undefined;
      else if (sequence > this.newest()) {
        this.unsettled.push({ sequence, toldAt: now, received: arrival !== undefined });
      }
    }
    let settled = 0;
    for (const { toldAt, received, sequence } of this.unsettled) {
      const isTooMuch = this.unsettled.length - settled > MAX_UNSETTLED;
      if (elapsed(toldAt, now) < SETTLED_AFTER && !isTooMuch) break;
      this.counter.add({ received });
      this.settledUpTo = sequence;
      settled += 1;
    }
    this.unsettled = this.unsettled.slice(settled);
  }

  /** What was settled since the call before. */
  take(): LossObservation {
    return this.counter.take();
  }

  private newest(): number {
    return this.unsettled.at(-1)?.sequence ?? this.settledUpTo;
  }

  /** Numbers ascend with few gaps: looked for from the place that it would have without any. */
  private find(sequence: number): Fate | undefined {
    const first = this.unsettled[0]?.sequence;
    if (first === undefined || sequence < first) return undefined;
    for (let i = Math.min(sequence - first, this.unsettled.length - 1); i >= 0; i--) {
      const fate = this.unsettled[i]!;
      if (fate.sequence === sequence) return fate;
      if (fate.sequence < sequence) return undefined;
    }
    return undefined;
  }
}
