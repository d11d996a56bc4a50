import { elapsed, type Micros, micros, seconds } from "../../time.js";
import type { ReceivedPacket } from "./packet-feedback.js";

/** What was seen fades: by half in so long. */
const HALF_LIFE = seconds(5);

/**
 * How far the delays of a path spread without any queue. Packets that overtake each other tell: no queue lets one pass
 * another, so whatever lies between their delays is the path's own jitter.
 */
export class OvertakingSpread {
  private newest: ReceivedPacket | undefined;
  private latest: ReceivedPacket | undefined;
  private spread = 0;
  private seenAt: Micros = micros(0);

  /** Takes in a packet that arrived, mostly in the order of sending. */
  add(packet: ReceivedPacket): void {
    const { newest, latest } = this;
    if (latest !== undefined && packet.sentAt > latest.sentAt && packet.arrival < latest.arrival) {
      this.see(packet.sentAt, delayOf(latest) - delayOf(packet));
    }
    if (newest !== undefined && packet.sentAt < newest.sentAt && packet.arrival > newest.arrival) {
      this.see(newest.sentAt, delayOf(packet) - delayOf(newest));
    }
    if (newest === undefined || packet.sentAt >= newest.sentAt) this.newest = packet;
    if (latest === undefined || packet.arrival >= latest.arrival) this.latest = packet;
  }

  /** The largest difference of delays seen lately, at `now` in the time of sending; 0 where packets keep their order. */
  at(now: Micros): number {
    return this.spread * 0.5 ** (Math.max(elapsed(this.seenAt, now), 0) / HALF_LIFE);
  }

  private see(now: Micros, spread: number): void {
    if (spread < this.at(now)) return;
    this.spread = spread;
    this.seenAt = now;
  }
}

function delayOf({ sentAt, arrival }: ReceivedPacket): number {
  return arrival - sentAt;
}
