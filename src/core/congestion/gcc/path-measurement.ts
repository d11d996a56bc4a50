import { elapsed, type Micros, millis, seconds } from "../../time.js";
import { AcknowledgedBitrate } from "./acknowledged-bitrate.js";
import { ArrivalGroups } from "./arrival-groups.js";
import { BurstCapacity } from "./burst-capacity.js";
import { CapacityDrop } from "./capacity-drop.js";
import { MediaTrain } from "./media-train.js";
import { OvertakingSpread } from "./overtaking-spread.js";
import { type BandwidthUsage, OveruseDetector } from "./overuse-detector.js";
import type { ReceivedPacket } from "./packet-feedback.js";
import { QueueDelay } from "./queue-delay.js";
import { Trendline } from "./trendline.js";

/** No queue makes a delay change so much between two packets: the receiver's clock was set. */
const CLOCK_STEP = seconds(3);

/** A trend is jitter, of the path or of a busy receiver, while the least delay of the last moments is below this, */
const LEAST_QUEUE = millis(3);
/** unless it is as steep as when the capacity has just dropped to half of what is sent. */
const STEEP_TREND = 100;

/** What the arrival times at one receiver say of the path. */
export class PathMeasurement {
  private parts = newParts();
  private last: ReceivedPacket | undefined;
  private latestUsage: BandwidthUsage = "normal";

  /** Takes in packets that arrived, in the order in which they were sent; for `hasGivenWay` see {@link QueueDelay.add}. */
  update(packets: readonly ReceivedPacket[], hasGivenWay: boolean): void {
    for (const packet of packets) {
      this.compareWithLast(packet);
      const { overtaking, acknowledged, queue, groups, trendline, detector, drop, train, bursts } = this.parts;
      overtaking.add(packet);
      acknowledged.add(packet);
      queue.add(packet, hasGivenWay);
      drop.add(packet);
      train.add(packet);
      bursts.add(packet);
      const group = groups.add(packet);
      if (group === undefined) continue;
      const trend = trendline.update(group);
      const usage = detector.update(trend, group.sentAt);
      const isJitter = queue.current < LEAST_QUEUE && trend < STEEP_TREND;
      this.latestUsage = isJitter ? "normal" : usage;
    }
  }

  /** Congestion has lost a packet that was sent at `sentAt`. */
  onLoss(sentAt: Micros): void {
    this.parts.queue.onLoss(sentAt);
  }

  /** What the delay says of the path's use. */
  get usage(): BandwidthUsage {
    return this.latestUsage;
  }

  /** At what rate packets arrive. */
  get acknowledged(): AcknowledgedBitrate {
    return this.parts.acknowledged;
  }

  /** What the path carries if it was seen just now to carry far less than is sent; see {@link CapacityDrop}. */
  get narrowedToBps(): number | undefined {
    return this.parts.drop.trainBps;
  }

  /** What the path has just carried without a queue; see {@link MediaTrain}. */
  get carriedBps(): number | undefined {
    return this.parts.train.carriedBps;
  }

  /** What the path's bottleneck carries of all flows together; see {@link BurstCapacity}. */
  get capacityBps(): number | undefined {
    return this.parts.bursts.bitrateBps;
  }

  /** The queue that stands on the path. */
  get queueDelay(): Micros {
    return this.parts.queue.current;
  }

  /** Whether packets wait for no more than a moment. */
  get isQueueEmpty(): boolean {
    return this.parts.queue.isEmpty;
  }

  /** Whether another flow keeps the queue filled, so that giving way would not empty it. */
  get isContended(): boolean {
    return this.parts.queue.isContended;
  }

  private compareWithLast(packet: ReceivedPacket): void {
    const { last } = this;
    this.last = packet;
    if (last === undefined) return;
    const sinceLast = elapsed(last.arrival, packet.arrival);
    if (Math.abs(sinceLast - elapsed(last.sentAt, packet.sentAt)) <= CLOCK_STEP) return;
    this.parts = newParts();
    this.latestUsage = "normal";
  }
}

function newParts() {
  const overtaking = new OvertakingSpread();
  return {
    overtaking,
    acknowledged: new AcknowledgedBitrate(overtaking),
    queue: new QueueDelay(overtaking),
    groups: new ArrivalGroups(),
    trendline: new Trendline(),
    detector: new OveruseDetector(),
    drop: new CapacityDrop(),
    train: new MediaTrain(),
    bursts: new BurstCapacity(),
  };
}
