import { elapsed, type Micros, millis, seconds } from "../../time.js";
import type { ReceivedPacket } from "./packet-feedback.js";

/** Packets that arrive further apart did not wait behind each other. */
const TRAIN_GAP = millis(40);
/** The delay grows by at least this over the train: more than jitter of a steady path, less than a frame interval. */
const LEAST_GROWTH = millis(15);
const LEAST_PACKETS = 5;
/** A pause of the path or of the receiver delays all at once; a narrow path delays each packet by a little more. */
const MOST_OF_GROWTH = 0.5;
/** Clocks and reading several packets at once make the delay of neighbours differ by this. */
const TOLERANCE = millis(1);
/** Where packets overtake each other, a few of them grow later by chance; the trendline copes with that. */
const REORDERING_MEMORY = seconds(2);
/** The growth is looked for in packets that arrived within this: the capacity is that of now. */
const WINDOW = millis(150);

/**
 * Sees within a single frame that the path carries far less than is sent: packets that leave together arrive one by one,
 * each later than the one before. The trendline needs several frames for that.
 */
export class CapacityDrop {
  private readonly packets: ReceivedPacket[] = [];
  private reorderedAt: Micros | undefined;

  /** Takes in a packet that arrived, in the order of sending. */
  add(packet: ReceivedPacket): void {
    const { packets } = this;
    const newest = packets.at(-1);
    if (newest !== undefined && packet.arrival < newest.arrival) this.reorderedAt = packet.sentAt;
    packets.push(packet);
    while (elapsed(packets[0]!.arrival, packet.arrival) > WINDOW) packets.shift();
  }

  /** At what rate the last packets arrived if a queue grew before each of them; undefined if none did. */
  get trainBps(): number | undefined {
    const { packets } = this;
    const last = packets.length - 1;
    if (last < 0 || this.hasReordered(packets[last]!.sentAt)) return undefined;
    let first = last;
    let bytes = 0;
    let largestStep = 0;
    for (; first > 0; first--) {
      const [before, after] = [packets[first - 1]!, packets[first]!];
      const gap = elapsed(before.arrival, after.arrival);
      const step = delayOf(after) - delayOf(before);
      if (gap < 0 || gap > TRAIN_GAP || step < -TOLERANCE) break;
      bytes += after.sizeBytes;
      largestStep = Math.max(largestStep, step);
    }
    const growth = delayOf(packets[last]!) - delayOf(packets[first]!);
    if (last - first + 1 < LEAST_PACKETS || growth < LEAST_GROWTH || largestStep > growth * MOST_OF_GROWTH)
      return undefined;
    return (bytes * 8_000_000) / elapsed(packets[first]!.arrival, packets[last]!.arrival);
  }

  private hasReordered(sentAt: Micros): boolean {
    return this.reorderedAt !== undefined && elapsed(this.reorderedAt, sentAt) < REORDERING_MEMORY;
  }
}

function delayOf({ sentAt, arrival }: ReceivedPacket): number {
  return arrival - sentAt;
}
