import { DEFAULT_PAYLOAD_TYPES, isRtcp, later, type Micros, millis, toMillis } from "sightline/core";
import type { Passage, SimulatedLink } from "../network/simulated-link.js";
import type { VirtualTime } from "../virtual-time.js";

/** Length of a bin, and how often the link is looked at within it. */
const BIN = millis(100);
const LOOK = millis(10);
const LOOKS = BIN / LOOK;
const SECONDS_PER_BIN = BIN / 1_000_000;

/** What a sender sends. Padding of bandwidth probes looks like retransmissions. */
export type TrafficClass = "media" | "retransmission" | "protection" | "control";

/** A tenth of a second of a run. */
export interface TimelineBin {
  /** When it starts, in seconds of the run. */
  readonly atSeconds: number;
  /** What the bottleneck carries, in the mean; infinite without one. */
  readonly capacityBps: number;
  /** What the encoder has to aim for; undefined while nobody sends. */
  readonly targetBps: number | undefined;
  /** What senders handed to the link, with RTP headers. */
  readonly sentBps: Readonly<Record<TrafficClass, number>>;
  /** The same of others who use it. */
  readonly crossTrafficBps: number;
  /** The longest wait in the bottleneck's queue. */
  readonly queueDelayMs: number;
  /** Packets of the senders: all, and those that the link lost by itself or because its queue was full. */
  readonly packets: number;
  readonly lost: number;
  readonly overflowed: number;
  /** Packets that wait in the sender to be paced. */
  readonly pacerPackets: number;
}

/** What a sender tells each time a bin ends. */
export interface SenderLook {
  readonly targetBps: number | undefined;
  readonly pacerPackets: number;
}

type Tally = { -readonly [K in "packets" | "lost" | "overflowed"]: number } & {
  readonly bytes: Record<TrafficClass | "crossTraffic", number>;
  capacityBps: number;
  queueDelayMs: number;
  looks: number;
};

/** Records what goes over a link, tenth of a second by tenth of a second. */
export class TimelineRecorder {
  readonly bins: TimelineBin[] = [];
  private readonly time: VirtualTime;
  private readonly link: SimulatedLink;
  private readonly look: () => SenderLook;
  private tally = emptyTally();

  constructor(time: VirtualTime, { link, look }: { readonly link: SimulatedLink; readonly look: () => SenderLook }) {
    this.time = time;
    this.link = link;
    this.look = look;
    this.lookAgain(time.now);
  }

  /** A sender handed a datagram to the link. */
  onSent(datagram: Uint8Array, { fate }: Passage): void {
    const { tally } = this;
    tally.bytes[classOf(datagram)] += datagram.length;
    tally.packets += 1;
    if (fate === "lost") tally.lost += 1;
    else if (fate === "overflowed") tally.overflowed += 1;
    this.seeQueue();
  }

  /** Somebody else did. */
  onCrossTraffic(sizeBytes: number): void {
    this.tally.bytes.crossTraffic += sizeBytes;
    this.seeQueue();
  }

  private lookAgain(at: Micros): void {
    this.time.schedule(at, () => {
      if (this.tally.looks === LOOKS) this.endBin();
      this.tally.looks += 1;
      this.tally.capacityBps += this.link.capacityAt(this.time.now).bitrateBps / LOOKS;
      this.seeQueue();
      this.lookAgain(later(this.time.now, LOOK));
    });
  }

  private seeQueue(): void {
    const delayMs = toMillis(this.link.queueDelayAt(this.time.now));
    this.tally.queueDelayMs = Math.max(this.tally.queueDelayMs, delayMs);
  }

  private endBin(): void {
    const { bytes, packets, lost, overflowed, capacityBps, queueDelayMs } = this.tally;
    const rate = (name: keyof typeof bytes) => (bytes[name] * 8) / SECONDS_PER_BIN;
    this.bins.push({
      atSeconds: (this.bins.length * BIN) / 1_000_000,
      capacityBps,
      sentBps: {
        media: rate("media"),
        retransmission: rate("retransmission"),
        protection: rate("protection"),
        control: rate("control"),
      },
      crossTrafficBps: rate("crossTraffic"),
      queueDelayMs,
      packets,
      lost,
      overflowed,
      ...this.look(),
    });
    this.tally = emptyTally();
  }
}

function emptyTally(): Tally {
  return {
    bytes: { media: 0, retransmission: 0, protection: 0, control: 0, crossTraffic: 0 },
    packets: 0,
    lost: 0,
    overflowed: 0,
    capacityBps: 0,
    queueDelayMs: 0,
    looks: 0,
  };
}

function classOf(datagram: Uint8Array): TrafficClass {
  if (isRtcp(datagram)) return "control";
  const format = DEFAULT_PAYLOAD_TYPES.get(datagram[1]! & 0x7f);
  if (format === undefined || "codec" in format) return "media";
  return "rtxOf" in format ? "retransmission" : "protection";
}
