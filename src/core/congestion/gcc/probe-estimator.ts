import type { ProbeRequest } from "../congestion-controller.js";
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
    const { packets, request } = this;
    if (packets.length < LEAST_PACKETS || this.bytes < request.bytes * LEAST_RECEIVED) return undefined;
    const sentBps = rate(packets, ({ sentAt }) => sentAt);
    const receivedBps = rate(packets, ({ arrival }) => arrival);
    if (sentBps === undefined || receivedBps === undefined || receivedBps > sentBps * MAX_RATIO) return undefined;
    return {
      rateBps: receivedBps < sentBps * UNSATURATED ? receivedBps * UTILIZATION : Math.min(sentBps, receivedBps),
      // Media that waited may have left faster than the probe asked for; the path need not have carried that.
      isSaturated: receivedBps < Math.min(sentBps, request.rateBps) * UNSATURATED,
    };
  }
}

/**
 * Bytes by time, as the line of least squares through all packets in the order in which they were sent: jitter that moves
 * the first or the last of them, or a receiver that reads several at once, changes it little. Lost packets change nothing.
 */
function rate(packets: readonly ReceivedPacket[], timeOf: (packet: ReceivedPacket) => number): number | undefined {
  const origin = timeOf(packets[0]!);
  let sum = 0;
  const points = packets.map((packet) => {
    sum += packet.sizeBytes;
    return { x: sum, y: timeOf(packet) - origin };
  });
  const meanX = points.reduce((total, { x }) => total + x, 0) / points.length;
  const meanY = points.reduce((total, { y }) => total + y, 0) / points.length;
  let covariance = 0;
  let variance = 0;
  for (const { x, y } of points) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  const microsPerByte = covariance / variance;
  return microsPerByte > 0 ? 8_000_000 / microsPerByte : undefined;
}
