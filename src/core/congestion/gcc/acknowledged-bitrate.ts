import { elapsed, type Micros, micros, millis, seconds } from "../../time.js";
import type { OvertakingSpread } from "./overtaking-spread.js";
import type { ReceivedPacket } from "./packet-feedback.js";

/** Over which the rate is taken: several frames of a slow source (libwebrtc: 500 ms at first, then 150 ms). */
const WINDOW = millis(500);
/** A train of packets is judged by its last part, to see at once when the capacity changes. */
const TRAIN_WINDOW = millis(150);
/** Packets that arrive further apart did not wait behind each other. */
const TRAIN_GAP = millis(15);
/** A shorter train is more the receiver's scheduling than the path's rate. */
const LEAST_TRAIN = millis(10);
const LEAST_TRAIN_PACKETS = 5;
/** Jitter stretches what left together, and brings together what did not: a train must last so many times its spread. */
const LEAST_TRAIN_SPREADS = 2;

/** At what rate packets arrive (draft-ietf-rmcat-gcc-02 §5.5: `R_hat`). */
export class AcknowledgedBitrate {
  /** In the order of arrival. */
  private readonly arrivals: { readonly at: Micros; readonly sizeBytes: number }[] = [];
  private bytes = 0;
  private readonly overtaking: OvertakingSpread;
  private newestSentAt: Micros = micros(0);

  /** @param overtaking - of the same packets */
  constructor(overtaking: OvertakingSpread) {
    this.overtaking = overtaking;
  }

  /** Takes in a packet that arrived. */
  add({ sentAt, arrival, sizeBytes }: ReceivedPacket): void {
    const { arrivals } = this;
    const newest = arrivals.at(-1);
    if (newest !== undefined && elapsed(arrival, newest.at) > seconds(1)) return; // far out of order, or the clock stepped
    this.newestSentAt = sentAt;
    arrivals.push({ at: arrival, sizeBytes });
    for (let i = arrivals.length - 1; i > 0 && arrivals[i - 1]!.at > arrivals[i]!.at; i--) {
      [arrivals[i - 1], arrivals[i]] = [arrivals[i]!, arrivals[i - 1]!];
    }
    this.bytes += sizeBytes;
    const end = arrivals.at(-1)!.at;
    while (elapsed(arrivals[0]!.at, end) > WINDOW) this.bytes -= arrivals.shift()!.sizeBytes;
  }

  /** Over the last half second that anything arrived in, pauses included. */
  get averageBps(): number {
    return (this.bytes * 8_000_000) / WINDOW;
  }

  /** Of the last packets that came close upon each other: while there is a queue, our share of the bottleneck's capacity. */
  get trainBps(): number | undefined {
    const { arrivals } = this;
    const last = arrivals.length - 1;
    if (last < 0) return undefined;
    const end = arrivals[last]!.at;
    let first = last;
    let bytes = 0;
    while (
      first > 0 &&
      elapsed(arrivals[first - 1]!.at, arrivals[first]!.at) <= TRAIN_GAP &&
      elapsed(arrivals[first - 1]!.at, end) <= TRAIN_WINDOW
    ) {
      bytes += arrivals[first]!.sizeBytes;
      first -= 1;
    }
    const span = elapsed(arrivals[first]!.at, end);
    const leastSpan = Math.max(LEAST_TRAIN, this.overtaking.at(this.newestSentAt) * LEAST_TRAIN_SPREADS);
    if (span < leastSpan || last - first < LEAST_TRAIN_PACKETS) return undefined;
    return (bytes * 8_000_000) / span;
  }
}
