import { elapsed, type Micros, seconds } from "../../time.js";
import { AcknowledgedBitrate } from "./acknowledged-bitrate.js";
import { ArrivalGroups } from "./arrival-groups.js";
import { type BandwidthUsage, OveruseDetector } from "./overuse-detector.js";
import type { ReceivedPacket } from "./packet-feedback.js";
import { QueueDelay } from "./queue-delay.js";
import { Trendline } from "./trendline.js";

/** No queue makes a delay change so much between two packets: the receiver's clock was set. */
const CLOCK_STEP = seconds(3);

/** What the arrival times at one receiver say of the path. */
export class PathMeasurement {
  private parts = newParts();
  private lastDelay: number | undefined;
  private latestUsage: BandwidthUsage = "normal";

  /** Takes in packets that arrived, in the order in which they were sent. */
  update(packets: readonly ReceivedPacket[]): void {
    for (const packet of packets) {
      this.noticeClockStep(elapsed(packet.sentAt, packet.arrival));
      const { acknowledged, queue, groups, trendline, detector } = this.parts;
      acknowledged.add(packet);
      queue.add(packet);
      const group = groups.add(packet);
      if (group !== undefined) this.latestUsage = detector.update(trendline.update(group), group.sentAt);
    }
  }

  /** What the delay says of the path's use. */
  get usage(): BandwidthUsage {
    return this.latestUsage;
  }

  /** At what rate packets arrive. */
  get acknowledged(): AcknowledgedBitrate {
    return this.parts.acknowledged;
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

  private noticeClockStep(delay: Micros): void {
    if (this.lastDelay !== undefined && Math.abs(delay - this.lastDelay) > CLOCK_STEP) {
      this.parts = newParts();
      this.latestUsage = "normal";
    }
    this.lastDelay = delay;
  }
}

function newParts() {
  return {
    acknowledged: new AcknowledgedBitrate(),
    queue: new QueueDelay(),
    groups: new ArrivalGroups(),
    trendline: new Trendline(),
    detector: new OveruseDetector(),
  };
}
