import { randomBytes, randomInt } from "node:crypto";
import { now } from "../clock/index.js";
import {
  type CongestionOptions,
  DEFAULT_CODEC_PAYLOAD_TYPES,
  DEFAULT_EXTENSION_MAP,
  type EncodedFrame,
  RtpSender,
  type SenderEvent,
  type SenderInput,
  toMillis,
  type VideoCodec,
} from "../core/index.js";
import { checkRoute, Driver, formatAddress, isMulticast, resolveHost, UdpSocket } from "../transport/index.js";
import { secureRng } from "./secure-rng.js";
import type { OutputHandlers, ShareOutput } from "./share-output.js";
import type { ShareTarget, TargetStatistics } from "./share-types.js";
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

/** Before the path is known: what any LAN and most uplinks carry, so that the first picture is sharp. Probing goes on from there. */
const START_BITRATE_BPS = 8e6;
/** With more waiting to be sent than this, encoding stops … */
const HOLD_BACKLOG_MS = 25;
/** … until no more than this is left. */
const RESUME_BACKLOG_MS = 5;

/** Options of {@link RtpOutput.open}. */
export interface RtpOutputOptions {
  readonly destination: ShareDestination;
  readonly codec: VideoCodec;
  readonly bitrateBps: number;
  readonly multicastTtl?: number;
  readonly interface?: string;
}

/** Sends a stream as RTP over UDP to one host or multicast group, and answers what its receivers ask. */
export class RtpOutput implements ShareOutput {
  readonly encoding = "rtp";
  readonly target: ShareTarget;
  private readonly socket: UdpSocket;
  private readonly sender: RtpSender;
  private readonly driver: Driver<SenderInput, { readonly datagram: Uint8Array }, SenderEvent>;
  private readonly keyframeTimer: NodeJS.Timeout;
  private readonly handlers: OutputHandlers;
  private isCongested = false;
  private congestionTimer: NodeJS.Timeout | undefined;

  private constructor(target: ShareTarget, socket: UdpSocket, sender: RtpSender, handlers: OutputHandlers) {
    this.target = target;
    this.socket = socket;
    this.sender = sender;
    this.handlers = handlers;
    this.driver = new Driver(sender, {
      transmit: ({ datagram }) => socket.send(datagram, target.address),
      event: (event) => this.onEvent(event),
    });
    socket.listen({
      datagram: (datagram, remote) => this.driver.input({ kind: "datagram", datagram, remote }),
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
    const types = DEFAULT_CODEC_PAYLOAD_TYPES[options.codec];
    const sender = new RtpSender({
      codec: options.codec,
      ssrc: randomInt(2 ** 32),
      rtxSsrc: randomInt(2 ** 32),
      fecSsrc: randomInt(2 ** 32),
      ...types,
      extensions: DEFAULT_EXTENSION_MAP,
      cname: randomBytes(12).toString("base64"),
      rng: secureRng,
      bitrateBps: options.bitrateBps,
      congestion: congestionControl(options.bitrateBps, multicast),
    });
    handlers.targetBitrate(sender.stats(now()).targetBitrateBps);
    return new RtpOutput({ protocol: "rtp", address: formatAddress(remote), multicast }, socket, sender, handlers);
  }

  /** {@inheritDoc ShareOutput.send} */
  send(frame: EncodedFrame): void {
    this.driver.input({ kind: "frame", frame });
    this.watchBacklog();
  }

  /** {@inheritDoc ShareOutput.statistics} */
  statistics(): TargetStatistics {
    const { packetsSent, packetsRetransmitted, bitrateBps, targetBitrateBps, receivers } = this.sender.stats(now());
    const worst = receivers.toSorted((a, b) => b.fractionLost - a.fractionLost)[0];
    return {
      address: this.target.address,
      packetsSent,
      bitrateBps,
      targetBitrateBps,
      packetsResent: packetsRetransmitted,
      answered: receivers.length > 0,
      ...(worst && { lossFraction: worst.fractionLost }),
      ...(worst?.roundTripMs !== undefined && { roundTripMs: worst.roundTripMs }),
    };
  }

  /** {@inheritDoc ShareOutput.close} */
  async close(): Promise<void> {
    clearInterval(this.keyframeTimer);
    clearTimeout(this.congestionTimer);
    this.driver.input({ kind: "close" });
    this.driver.stop();
    await this.socket.close();
  }

  private onEvent(event: SenderEvent): void {
    const { address } = this.target;
    switch (event.kind) {
      case "keyframe-requested":
        this.handlers.keyframeWanted();
        break;
      case "receiver-appeared":
      case "receiver-left":
        this.handlers.event({ kind: event.kind, address });
        break;
      case "receiver-silent":
        this.handlers.event({ kind: "no-receiver", address });
        break;
      case "target-bitrate":
        this.handlers.targetBitrate(event.bitrateBps);
        break;
    }
  }

  /** Frames that would only wait here are better not encoded: the picture that goes out next is then the newest. */
  private watchBacklog(): void {
    const backlogMs = toMillis(this.sender.backlog());
    const isCongested = backlogMs > (this.isCongested ? RESUME_BACKLOG_MS : HOLD_BACKLOG_MS);
    if (isCongested !== this.isCongested) this.handlers.congested(isCongested);
    this.isCongested = isCongested;
    clearTimeout(this.congestionTimer);
    if (isCongested) this.congestionTimer = setTimeout(() => this.watchBacklog(), backlogMs - RESUME_BACKLOG_MS);
  }

  private refreshForTheSilent(): void {
    const { receivers } = this.sender.stats(now());
    if (this.target.multicast || !receivers.some(({ asksForRepair }) => asksForRepair)) {
      this.handlers.keyframeWanted(UNASKED_REPEATS);
    }
  }
}

/** A path to one receiver is followed. The paths to a group's receivers differ, and none of them may decide for all. */
function congestionControl(bitrateBps: number, multicast: boolean): CongestionOptions {
  if (multicast) return { kind: "fixed", bitrateBps };
  return { kind: "gcc", startBitrateBps: Math.min(bitrateBps, START_BITRATE_BPS), maxBitrateBps: bitrateBps };
}
