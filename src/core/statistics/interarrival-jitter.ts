import { type RtpTimestamp, timestampDelta } from "../rtp/index.js";
import type { Micros } from "../time.js";

/** Changes of transit time beyond this are a clock that jumped, not jitter. */
const MAX_CHANGE_SECONDS = 5;

/** The interarrival jitter of RFC 3550 §6.4.1 and A.8: how much the packets' transit times vary, smoothed over 16 packets. */
export class InterarrivalJitter {
  private readonly clockRate: number;
  private lastArrival: Micros | undefined;
  private lastTimestamp: RtpTimestamp | undefined;
  private estimate = 0;

  /** @param clockRate - ticks of the RTP timestamp per second */
  constructor(clockRate: number) {
    this.clockRate = clockRate;
  }

  /** Takes in a packet, each once and in any order. */
  add(arrival: Micros, timestamp: RtpTimestamp): void {
    if (this.lastArrival !== undefined && this.lastTimestamp !== undefined) {
      const arrivalTicks = ((arrival - this.lastArrival) * this.clockRate) / 1_000_000;
      const change = Math.abs(arrivalTicks - timestampDelta(this.lastTimestamp, timestamp));
      if (change < MAX_CHANGE_SECONDS * this.clockRate) this.estimate += (change - this.estimate) / 16;
    }
    this.lastArrival = arrival;
    this.lastTimestamp = timestamp;
  }

  /** In ticks of the RTP timestamp, as a report block carries it. */
  get ticks(): number {
    return Math.round(this.estimate);
  }

  /** In milliseconds. */
  get milliseconds(): number {
    return (this.estimate * 1_000) / this.clockRate;
  }
}
