import { elapsed, type Micros, micros, millis } from "../../time.js";
import type { ReceivedPacket } from "./packet-feedback.js";

/** Packets sent within this belong together (draft-ietf-rmcat-gcc-02 §5.2: `burst_time`). */
const BURST_TIME = millis(5);

/** Packets that were sent together, as one sample of the path's delay. */
export interface ArrivalGroup {
  /** When its first packet was sent. */
  readonly sentAt: Micros;
  /** When that packet of it arrived which was under way for the shortest time, in the receiver's clock. */
  readonly arrival: Micros;
  /** How long that one was under way; the unknown difference of the two clocks is in it. */
  readonly delay: Micros;
}

/**
 * Gathers packets into groups. The draft takes a group's last packet; here its fastest one counts, because jitter can only
 * delay, so that the fastest of several is nearest to the path's queue.
 */
export class ArrivalGroups {
  private firstSentAt: Micros | undefined;
  private fastest: ReceivedPacket | undefined;

  /** Takes in a packet. Returns the group before it if that is complete now. */
  add(packet: ReceivedPacket): ArrivalGroup | undefined {
    if (this.firstSentAt === undefined || this.fastest === undefined) {
      this.begin(packet);
      return undefined;
    }
    const sinceFirst = elapsed(this.firstSentAt, packet.sentAt);
    if (sinceFirst < 0) return undefined; // of a group that is complete already
    if (sinceFirst <= BURST_TIME) {
      if (delayOf(packet) < delayOf(this.fastest)) this.fastest = packet;
      return undefined;
    }
    const complete = { sentAt: this.firstSentAt, arrival: this.fastest.arrival, delay: delayOf(this.fastest) };
    this.begin(packet);
    return complete;
  }

  private begin(packet: ReceivedPacket): void {
    this.firstSentAt = packet.sentAt;
    this.fastest = packet;
  }
}

function delayOf({ sentAt, arrival }: ReceivedPacket): Micros {
  return micros(arrival - sentAt);
}
