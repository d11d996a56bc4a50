import { elapsed, millis } from "../../time.js";
import { LineFit, rateOf } from "./line-fit.js";
import type { ReceivedPacket } from "./packet-feedback.js";

/** Packets that leave further apart are not one train: the pacer lets a millisecond's worth go at a time. */
const TRAIN_GAP = millis(5);
/** A shorter one is a burst that any queue swallows. */
const LEAST_SPAN = millis(10);
const LEAST_PACKETS = 8;
/** Jitter makes the rate of a train uncertain; by no more than this it is worth something. */
const MOST_ERROR = 0.1;
/** Packets that arrive at less than this part of the rate at which they left have filled the path (libwebrtc: 0.9). */
const UNSATURATED = 0.95;

/**
 * A frame that is paced out for a while shows what the path carries at least, as a probe does, and costs nothing: if its
 * packets arrive as fast as they left.
 */
export class MediaTrain {
  private left = new LineFit();
  private arrived = new LineFit();
  private first: ReceivedPacket | undefined;
  private last: ReceivedPacket | undefined;
  private packets = 0;
  private bytes = 0;

  /** Takes in a packet that arrived, in the order of sending. */
  add(packet: ReceivedPacket): void {
    // One that was overtaken so far that it came with later feedback; where it belongs among the others is not known any more.
    if (this.last !== undefined && packet.sentAt < this.last.sentAt) return;
    if (this.last === undefined || elapsed(this.last.sentAt, packet.sentAt) > TRAIN_GAP) this.begin(packet);
    this.last = packet;
    this.packets += 1;
    this.bytes += packet.sizeBytes;
    this.left.add(this.bytes, packet.sentAt);
    this.arrived.add(this.bytes, packet.arrival);
  }

  /** The rate of the train under way if the path has carried it without a queue; undefined if that is not known. */
  get carriedBps(): number | undefined {
    const { first, last, left, arrived } = this;
    if (first === undefined || last === undefined || this.packets < LEAST_PACKETS) return undefined;
    if (elapsed(first.sentAt, last.sentAt) < LEAST_SPAN || arrived.relativeError > MOST_ERROR) return undefined;
    const sentBps = rateOf(left);
    const arrivedBps = rateOf(arrived);
    if (sentBps === undefined || arrivedBps === undefined || arrivedBps < sentBps * UNSATURATED) return undefined;
    return Math.min(sentBps, arrivedBps);
  }

  private begin(packet: ReceivedPacket): void {
    this.left = new LineFit();
    this.arrived = new LineFit();
    this.first = packet;
    this.packets = 0;
    this.bytes = 0;
  }
}
