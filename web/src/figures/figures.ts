import { isFullColor } from "../codec-order.js";

/** Loss and rates are told over this many samples, so that they can be read. */
const WINDOW = 5;

/** The counters of one received stream at one moment, from `getStats()`. */
export interface StreamCounters {
  /** When they were read, in ms. */
  readonly timestamp: number;
  readonly bytesReceived: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** Packets that came again, or were rebuilt from others. */
  readonly packetsRepaired: number;
  readonly framesDecoded: number;
  readonly freezeCount: number;
  readonly width: number;
  readonly height: number;
  /** Name of the codec, for example `H.264 4:4:4`. */
  readonly codec: string;
}

/** What a person is told of one stream. */
export interface Figures {
  readonly framesPerSecond: number;
  readonly bitrateBps: number;
  /** Packets that the network lost, 0 to 1, before they were repaired. */
  readonly loss: number;
  /** Packets repaired since the stream was connected. */
  readonly repaired: number;
  readonly freezes: number;
  readonly width: number;
  readonly height: number;
  readonly codec: string;
}

/** Turns counters, read once a second, into figures over the last few seconds. */
export class FiguresMeter {
  private readonly samples: StreamCounters[] = [];

  /** Takes the counters of now and tells the figures; undefined until there are two samples. */
  update(now: StreamCounters): Figures | undefined {
    const last = this.samples.at(-1);
    if (last && now.bytesReceived < last.bytesReceived) this.samples.length = 0; // a new session counts from 0
    this.samples.push(now);
    if (this.samples.length > WINDOW + 1) this.samples.shift();
    const first = this.samples[0]!;
    const seconds = (now.timestamp - first.timestamp) / 1_000;
    if (seconds <= 0) return undefined;
    const lost = Math.max(0, now.packetsLost - first.packetsLost); // late packets are taken back from the loss
    const received = now.packetsReceived - first.packetsReceived;
    return {
      framesPerSecond: (now.framesDecoded - first.framesDecoded) / seconds,
      bitrateBps: ((now.bytesReceived - first.bytesReceived) * 8) / seconds,
      loss: lost === 0 ? 0 : lost / (lost + received),
      repaired: Math.min(now.packetsLost, now.packetsRepaired), // repair packets also come unasked, as probes
      freezes: now.freezeCount,
      width: now.width,
      height: now.height,
      codec: now.codec,
    };
  }
}

/** The entries of a statistics report that matter here. */
export interface StatsEntry {
  readonly type: string;
  readonly id: string;
  readonly [member: string]: unknown;
}

/**
 * Finds the counters of a track in a report; still tiles come as another one.
 *
 * @returns undefined if no video has come in yet
 */
export function readCounters(entries: Iterable<StatsEntry>, trackId: string): StreamCounters | undefined {
  const list = [...entries];
  const inbound = list.find((entry) => entry.type === "inbound-rtp" && entry["trackIdentifier"] === trackId);
  if (!inbound) return undefined;
  const number = (name: string) => (typeof inbound[name] === "number" ? inbound[name] : 0);
  return {
    timestamp: number("timestamp"),
    bytesReceived: number("bytesReceived") + number("headerBytesReceived"),
    packetsReceived: number("packetsReceived"),
    packetsLost: number("packetsLost"),
    packetsRepaired: number("retransmittedPacketsReceived") + number("fecPacketsReceived"),
    framesDecoded: number("framesDecoded"),
    freezeCount: number("freezeCount"),
    width: number("frameWidth"),
    height: number("frameHeight"),
    codec: codecName(list.find(({ id }) => id === inbound["codecId"])),
  };
}

function codecName(codec: StatsEntry | undefined): string {
  const name = String(codec?.["mimeType"] ?? "").replace(/^video\//i, "");
  if (name.toUpperCase() !== "H264") return name;
  return isFullColor(String(codec?.["sdpFmtpLine"] ?? "")) ? "H.264 4:4:4" : "H.264";
}
