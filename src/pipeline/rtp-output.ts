import { randomBytes, randomInt } from "node:crypto";
import {
  type CongestionOptions,
  DEFAULT_CODEC_PAYLOAD_TYPES,
  DEFAULT_EXTENSION_MAP,
  DEFAULT_STILLS_PAYLOAD_TYPE,
  type SenderEvent,
  type StillStreamOptions,
  type VideoCodec,
} from "../core/index.js";
import {
  checkRoute,
  type DatagramProtection,
  formatAddress,
  isMulticast,
  resolveHost,
  UdpSocket,
  UNPROTECTED,
} from "../transport/index.js";
import { pathStatistics } from "./path-statistics.js";
import { secureRng } from "./secure-rng.js";
import type { OutputHandlers, ShareOutput } from "./share-output.js";
import type { ShareTarget, TargetStatistics } from "./share-types.js";
import { startBitrate } from "./start-bitrate.js";
import { RtpViewer } from "./streams/rtp-viewer.js";
import type { SharedStream } from "./streams/shared-stream.js";
import type { ShareDestination } from "./targets.js";

/**
 * Receivers that give no feedback (ffplay, VLC, a GStreamer pipeline without RTCP) can only start at a keyframe that comes
 * by itself. Those that ask get theirs at once, and none is sent unasked.
 */
const UNASKED_KEYFRAME_INTERVAL_MS = 2_000;
/**
 * FFmpeg's players show nothing before they have estimated the frame rate, from 20 differences between frames, and a still
 * picture has but one frame. Measured: with 20 repeats a late ffplay shows it after 4 s, with 30 after 2 s.
 */
const UNASKED_REPEATS = 30;

/** Options of {@link RtpOutput.open}. */
export interface RtpOutputOptions {
  readonly destination: ShareDestination;
  readonly codec: VideoCodec;
  /** The most that may be sent, in bits/s. */
  readonly bitrateBps: number;
  /** The most where congestion control follows the path, in bits/s. Default: the same. */
  readonly followedBitrateBps?: number;
  readonly multicastTtl?: number;
  readonly interface?: string;
  /** What lies over the video of the stream that will be carried; absent: it is not sent. */
  readonly stills?: Pick<StillStreamOptions, "store" | "pointer">;
  /** Encrypts the stream; absent: it is sent as it is. */
  readonly protection?: DatagramProtection;
}

/** Sends a stream as RTP over UDP to one host or multicast group, and answers what its receivers ask. */
export class RtpOutput implements ShareOutput {
  readonly target: ShareTarget;
  private readonly codec: VideoCodec;
  private readonly hasStills: boolean;
  private readonly socket: UdpSocket;
  private readonly protection: DatagramProtection;
  /** Where the receiver is now. */
  private remote: string;
  private readonly viewer: RtpViewer;
  private readonly keyframeTimer: NodeJS.Timeout;
  private readonly handlers: OutputHandlers;
  private stream: SharedStream | undefined;

  private constructor(target: ShareTarget, socket: UdpSocket, options: RtpOutputOptions, handlers: OutputHandlers) {
    const { codec, bitrateBps, followedBitrateBps = bitrateBps, stills, protection = UNPROTECTED } = options;
    this.target = target;
    this.codec = codec;
    this.hasStills = stills !== undefined && codec === "h264" && !target.multicast;
    this.socket = socket;
    this.protection = protection;
    this.remote = target.address;
    this.handlers = handlers;
    this.viewer = new RtpViewer({
      sender: {
        codec,
        ssrc: randomInt(2 ** 32),
        rtxSsrc: randomInt(2 ** 32),
        fecSsrc: randomInt(2 ** 32),
        ...DEFAULT_CODEC_PAYLOAD_TYPES[codec],
        ...(stills && this.hasStills && { stills: stillStream(stills) }),
        extensions: DEFAULT_EXTENSION_MAP,
        cname: randomBytes(12).toString("base64"),
        rng: secureRng,
        bitrateBps,
        congestion: target.multicast ? fixedRate(bitrateBps) : followedRate(followedBitrateBps),
      },
      transmit: (datagram) => this.transmit(datagram),
      drained: () => socket.flush(),
      onEvent: (event) => this.handleEvent(event),
    });
    socket.listen({
      datagram: (datagram, remote) => this.receive(datagram, remote),
      failure: ({ message }) => handlers.event({ kind: "warning", message }),
    });
    this.keyframeTimer = setInterval(() => this.refreshForTheSilent(), UNASKED_KEYFRAME_INTERVAL_MS);
  }

  /**
   * Opens the socket; nothing is sent before the first frame but sender reports.
   *
   * @throws SightlineError `unreachable` if the host cannot be found or there is no way to it
   */
  static async open(options: RtpOutputOptions, handlers: OutputHandlers): Promise<RtpOutput> {
    const remote = await resolveHost(options.destination);
    await checkRoute(remote);
    const multicast = isMulticast(remote.address);
    const socket = await UdpSocket.bind({
      family: remote.family,
      ...(options.multicastTtl !== undefined && { multicastTtl: options.multicastTtl }),
      ...(options.interface !== undefined && { interface: options.interface }),
    });
    const encrypted = options.protection !== undefined && { encrypted: true };
    const target = { protocol: "rtp", address: formatAddress(remote), multicast, ...encrypted } as const;
    return new RtpOutput(target, socket, options, handlers);
  }

  /** {@inheritDoc ShareOutput.carry} */
  carry(stream: SharedStream): void {
    this.stream = stream;
    stream.addViewer(this.viewer, this.codec === "jpeg" ? "jpeg" : "main-420");
  }

  /** {@inheritDoc ShareOutput.statistics} */
  statistics(): TargetStatistics {
    const statistics = this.viewer.statistics();
    return {
      address: this.target.address,
      ...pathStatistics(statistics),
      answered: statistics.receivers.length > 0,
    };
  }

  /** {@inheritDoc ShareOutput.close} */
  async close(): Promise<void> {
    clearInterval(this.keyframeTimer);
    this.viewer.close();
    await this.socket.close();
  }

  private transmit(datagram: Uint8Array): void {
    const sealed = this.protection.protect(datagram, this.remote);
    if (sealed !== undefined) this.socket.queue(sealed, this.remote);
  }

  private receive(datagram: Uint8Array, remote: string): void {
    const opened = this.protection.unprotect(datagram, remote);
    if (opened === undefined) return;
    // Who has the key and answers from another address has moved there.
    if (this.target.encrypted && !this.target.multicast) this.remote = remote;
    this.viewer.receive(opened, remote);
  }

  private handleEvent(event: SenderEvent): void {
    const { address } = this.target;
    if (event.kind === "receiver-appeared" || event.kind === "receiver-left") {
      if (this.viewer.statistics().receivers.length > 1) this.stream?.changeTop(this.viewer, "main-420");
      this.handlers.event({ kind: event.kind, address });
    } else if (event.kind === "receiver-capabilities") {
      if (event.capabilities.stills) this.stream?.watchStills();
      if (event.capabilities.pointer && this.hasStills) this.stream?.streamPointer(this.viewer);
      if (event.capabilities.chroma444) this.sendFullColor();
    } else if (event.kind === "receiver-silent") this.handlers.event({ kind: "no-receiver", address });
  }

  /** A group, or a second receiver of what goes to one host, may hold players that decode 4:2:0 alone. */
  private sendFullColor(): void {
    const isAlone = !this.target.multicast && this.viewer.statistics().receivers.length <= 1;
    if (isAlone && this.codec === "h264" && this.stream?.chromas.includes("444")) {
      this.stream.changeTop(this.viewer, "main-444");
    }
  }

  private refreshForTheSilent(): void {
    const { receivers } = this.viewer.statistics();
    if (this.target.multicast || !receivers.some(({ asksForRepair }) => asksForRepair)) {
      this.viewer.requestKeyframe(UNASKED_REPEATS);
    }
  }
}

function stillStream(layer: Pick<StillStreamOptions, "store" | "pointer">): StillStreamOptions {
  return { ...layer, rtp: { ssrc: randomInt(2 ** 32), payloadType: DEFAULT_STILLS_PAYLOAD_TYPE } };
}

/** The paths to a group's receivers differ, and none of them may decide for all. */
function fixedRate(bitrateBps: number): CongestionOptions {
  return { kind: "fixed", bitrateBps };
}

/** A path to one receiver is followed. */
function followedRate(maxBitrateBps: number): CongestionOptions {
  return { kind: "gcc", startBitrateBps: startBitrate(maxBitrateBps), maxBitrateBps };
}
