import { elapsed, type Micros, micros } from "../../time.js";
import type { ReceivedPacket } from "./packet-feedback.js";

/** What leaves within this of each other left together. */
const TOGETHER = micros(300);
/** Two gaps: of a single one, the receiver's clock may be wrong by as much as it is long. */
const LEAST_PACKETS = 3;
const LEAST_SPAN = micros(200);
/** A median over a second or so of bursts: packets of others in between lengthen one, a receiver that reads several at once shortens it. */
const SAMPLES = 31;
const LEAST_SAMPLES = 9;

/**
 * The capacity of the bottleneck, whoever shares it: packets that leave together wait behind each other there, and arrive
 * as far apart as it takes to carry one (packet trains, Dovrolis et al. 2004).
 */
export class BurstCapacity {
  private readonly samples: number[] = [];
  private oldest = 0;
  private burst: { packets: number; bytes: number; since: Micros; last: ReceivedPacket } | undefined;

  /** Takes in a packet that arrived, in the order of sending. */
  add(packet: ReceivedPacket): void {
    const { burst } = this;
    const isNext =
      burst !== undefined &&
      Math.abs(elapsed(burst.last.sentAt, packet.sentAt)) <= TOGETHER &&
      packet.arrival >= burst.last.arrival;
    if (!isNext) {
      this.conclude();
      this.burst = { packets: 1, bytes: 0, since: packet.arrival, last: packet };
      return;
    }
    burst.packets += 1;
    burst.bytes += packet.sizeBytes;
    burst.last = packet;
  }

  /** What the bottleneck carries; undefined if that is not known. */
  get bitrateBps(): number | undefined {
    const { samples } = this;
    return samples.length < LEAST_SAMPLES ? undefined : samples.toSorted((a, b) => a - b)[samples.length >> 1];
  }

  private conclude(): void {
    const { burst } = this;
    if (burst === undefined || burst.packets < LEAST_PACKETS) return;
    const span = elapsed(burst.since, burst.last.arrival);
    if (span < LEAST_SPAN) return;
    this.samples[this.oldest] = (burst.bytes * 8_000_000) / span;
    this.oldest = (this.oldest + 1) % SAMPLES;
  }
}
