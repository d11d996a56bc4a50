import { now } from "../clock/index.js";
import { type EncodedFrame, micros, RateMeter, SightlineError } from "../core/index.js";
import { checkRoute, formatAddress, type HostPort, isMulticast, resolveHost, UdpSocket } from "../transport/index.js";
import { bindListening, isFrom, type Listening } from "./listening.js";
import type { OutputHandlers, ShareOutput } from "./share-output.js";
import type { ShareTarget, TargetStatistics } from "./share-types.js";
import type { InputHandlers, InputStatistics, StreamInput } from "./stream-input.js";
import { MAX_JPEG_DATAGRAM_BYTES } from "./streams/encodings.js";
import type { FeedMember, FrameTaker } from "./streams/feed-member.js";
import type { SharedStream } from "./streams/shared-stream.js";

/** A stream from which nothing comes for so long is silent. */
const SILENT_AFTER_MS = 2_000;

/** How the one-JPEG-a-datagram form looks to a receiver: SOI at the start of every datagram (ITU-T T.81 §B.1.1). */
function isJpeg(data: Uint8Array): boolean {
  return data.length > 4 && data[0] === 0xff && data[1] === 0xd8 && data[2] === 0xff;
}

/** Sends each frame as one JPEG in one datagram, as the Python ancestor does and understands. */
export class JpegDatagramOutput implements ShareOutput, FrameTaker {
  readonly target: ShareTarget;
  private readonly socket: UdpSocket;
  private readonly bytes = new RateMeter();
  private readonly bitrateBps: number;
  private member: FeedMember | undefined;
  private packetsSent = 0;

  private constructor(target: ShareTarget, socket: UdpSocket, bitrateBps: number) {
    this.target = target;
    this.socket = socket;
    this.bitrateBps = bitrateBps;
  }

  /**
   * Opens the socket.
   *
   * @throws SightlineError `unreachable` if the host cannot be found or there is no way to it
   */
  static async open(
    { destination, bitrateBps }: { readonly destination: HostPort; readonly bitrateBps: number },
    handlers: OutputHandlers,
  ): Promise<JpegDatagramOutput> {
    const remote = await resolveHost(destination);
    await checkRoute(remote);
    const socket = await UdpSocket.bind({ family: remote.family });
    socket.listen({
      datagram: () => {},
      failure: ({ message }) => handlers.event({ kind: "warning", message }),
    });
    const target = {
      protocol: "jpeg",
      address: formatAddress(remote),
      multicast: isMulticast(remote.address),
    } as const;
    return new JpegDatagramOutput(target, socket, bitrateBps);
  }

  /** {@inheritDoc ShareOutput.carry} */
  carry(stream: SharedStream): void {
    this.member = stream.feed("jpeg-datagram").join(this, this.bitrateBps);
  }

  /** {@inheritDoc FrameTaker.send} */
  send(frame: EncodedFrame): void {
    if (frame.data.length > MAX_JPEG_DATAGRAM_BYTES) {
      throw new SightlineError("internal", `a JPEG of ${frame.data.length} bytes does not fit one datagram`);
    }
    this.packetsSent += 1;
    this.bytes.add(now(), frame.data.length);
    this.socket.send(frame.data, this.target.address);
  }

  /** {@inheritDoc ShareOutput.statistics} */
  statistics(): TargetStatistics {
    const bitrateBps = this.bytes.perSecond(now()) * 8;
    return {
      address: this.target.address,
      packetsSent: this.packetsSent,
      bitrateBps,
      packetsResent: 0,
      answered: false,
    };
  }

  /** {@inheritDoc ShareOutput.close} */
  async close(): Promise<void> {
    this.member?.leave();
    await this.socket.close();
  }
}

/** Receives one JPEG a datagram, as the Python ancestor sends. Datagrams that hold something else are counted and dropped. */
export class JpegDatagramInput implements StreamInput {
  readonly address: string;
  readonly warning: string | undefined;
  private readonly socket: UdpSocket;
  private readonly handlers: InputHandlers;
  private readonly bytes = new RateMeter();
  private readonly silenceTimer: NodeJS.Timeout;
  private framesReceived = 0;
  private state: "waiting" | "live" | "silent" = "waiting";
  private lastArrival = micros(0);

  private constructor(socket: UdpSocket, { onlyFrom }: Listening, handlers: InputHandlers) {
    this.socket = socket;
    this.handlers = handlers;
    this.address = socket.address;
    this.warning = socket.receiveBufferWarning;
    socket.listen({
      datagram: (data, remote) => {
        if (isJpeg(data) && (onlyFrom === undefined || isFrom(remote, onlyFrom))) this.receive(data, remote);
      },
      failure: ({ message }) => handlers.event({ kind: "warning", message }),
    });
    this.silenceTimer = setInterval(() => this.checkSilence(), SILENT_AFTER_MS / 4);
  }

  /**
   * Opens the socket.
   *
   * @throws SightlineError `in-use` or `unreachable` if it cannot be bound
   */
  static async open(listening: Listening, handlers: InputHandlers): Promise<JpegDatagramInput> {
    return new JpegDatagramInput(await bindListening(listening), listening, handlers);
  }

  /** Every frame is a keyframe here. */
  requestKeyframe(): void {}

  /** There are none. */
  requestStills(): void {}

  /** {@inheritDoc StreamInput.statistics} */
  statistics(): InputStatistics {
    const { framesReceived } = this;
    const bitrateBps = this.bytes.perSecond(now()) * 8;
    const none = { framesLost: 0, packetsLost: 0, packetsRepaired: 0, jitterMs: 0 };
    return { bitrateBps, framesReceived, packetsReceived: framesReceived, ...none };
  }

  /** {@inheritDoc StreamInput.close} */
  async close(): Promise<void> {
    clearInterval(this.silenceTimer);
    await this.socket.close();
  }

  private receive(data: Uint8Array, remote: string): void {
    this.lastArrival = now();
    this.framesReceived += 1;
    this.bytes.add(this.lastArrival, data.length);
    if (this.state === "waiting") this.handlers.event({ kind: "stream-started", remote, codec: "jpeg" });
    if (this.state === "silent") this.handlers.event({ kind: "stream-resumed" });
    this.state = "live";
    // The form tells no capture time; arrival is the nearest that can be known.
    const captureTime = this.lastArrival;
    this.handlers.frame({ codec: "jpeg", data, keyframe: true, captureTime, captureTimeKnown: false });
  }

  private checkSilence(): void {
    if (this.state !== "live" || now() - this.lastArrival < SILENT_AFTER_MS * 1_000) return;
    this.state = "silent";
    this.handlers.event({ kind: "stream-silent" });
  }
}
