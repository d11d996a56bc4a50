import { elapsed } from "../../time.js";
import type { ProbeRequest } from "../congestion-controller.js";
import { LineFit, rateOf } from "./line-fit.js";
import type { ReceivedPacket } from "./packet-feedback.js";

/** Part of a probe that must have arrived (libwebrtc: 0.8; half still makes a train, and random loss takes a fifth). */
const LEAST_RECEIVED = 0.5;
/** Part that settles it at once; otherwise what came until the wait is over decides. */
const COMPLETE = 0.95;
const LEAST_PACKETS = 5;
/** If packets arrive at less than this part of the rate at which they left, the probe filled the path (libwebrtc). */
const UNSATURATED = 0.9;
/** Part of what a filled path carried that may be used (libwebrtc: `kTargetUtilizationFraction`). */
const UTILIZATION = 0.95;
/** A probe that seems to arrive at more than twice its rate was measured wrongly (libwebrtc: `kMaxValidRatio`). */
const MAX_RATIO = 2;
/** Where jitter makes the rate more uncertain than this, nothing was measured. */
const MOST_ERROR = 0.15;

/** What came of a probe. */
export interface ProbeResult {
  /** What the path is shown to carry. */
  readonly rateBps: number;
  /** The path carried less than was sent. */
  readonly isSaturated: boolean;
}

/** Measures at what rate the packets of one probe left and arrived. */
export class ProbeEstimator {
  readonly request: ProbeRequest;
  private readonly packets: ReceivedPacket[] = [];
  private bytes = 0;

  constructor(request: ProbeRequest) {
    this.request = request;
  }

  /** Takes in a packet of the probe that arrived. */
  add(packet: ReceivedPacket): void {
    this.packets.push(packet);
    this.bytes += packet.sizeBytes;
  }

  /** Whether there is nothing more to wait for. */
  get isComplete(): boolean {
    return this.bytes >= this.request.bytes * COMPLETE;
  }

  /** The result, once enough of the probe has arrived. */
  result(): ProbeResult | undefined {
    const { request } = this;
    // Those that were overtaken came with later feedback.
    const packets = this.packets.toSorted((a, b) => a.sentAt - b.sentAt);
    if (packets.length < LEAST_PACKETS || this.bytes < request.bytes * LEAST_RECEIVED) return undefined;
    const sentBps = rateOf(lineOf(packets, ({ sentAt }) => sentAt));
    const arrivals = lineOf(packets, ({ arrival }) => arrival);
    const receivedBps = rateOf(arrivals);
    if (sentBps === undefined || receivedBps === undefined || receivedBps > sentBps * MAX_RATIO) return undefined;
    // Whether the packets left evenly or not, jitter is what the path has added to that, unless a queue has evened it out.
    const delays = lineOf(packets, ({ sentAt, arrival }) => elapsed(sentAt, arrival));
    const error = Math.min(arrivals.slopeError, delays.slopeError) * (receivedBps / 8_000_000);
    if (error > MOST_ERROR) return undefined;
    return {
      rateBps: receivedBps < sentBps * UNSATURATED ? receivedBps * UTILIZATION : Math.min(sentBps, receivedBps),
      // Media that waited may have left faster than the probe asked for; the path need not have carried that.
      isSaturated: receivedBps < Math.min(sentBps, request.rateBps) * UNSATURATED,
    };
  }
}

/**
 * Time by bytes, as the line of least squares through all packets in the order in which they were sent: jitter that moves
 * the first or the last of them, or a receiver that reads several at once, changes it little. Lost packets change nothing.
 */
function lineOf(packets: readonly ReceivedPacket[], timeOf: (packet: ReceivedPacket) => number): LineFit {
  const line = new LineFit();
  let bytes = 0;
  for (const packet of packets) {
    bytes += packet.sizeBytes;
    line.add(bytes, timeOf(packet));
  }
  return line;
}
