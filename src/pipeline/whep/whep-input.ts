import { ChunkAssembler, MessageKind, parseChunk, SightlineError } from "../../core/index.js";
import { WebRtcReceiver } from "../../transport/index.js";
import { RtpReception } from "../rtp-reception.js";
import type { InputHandlers, InputStatistics, StreamInput } from "../stream-input.js";
import { WhepClient, type WhepOptions, type WhepSession } from "./whep-client.js";

/** A connection that is interrupted for so long is given up, and another one is made. */
const INTERRUPTION_MS = 3_000;
/** Between attempts; doubled up to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const NOTHING: InputStatistics = {
  bitrateBps: 0,
  framesReceived: 0,
  framesLost: 0,
  packetsReceived: 0,
  packetsLost: 0,
  packetsRepaired: 0,
  jitterMs: 0,
};

interface Connection {
  readonly receiver: WebRtcReceiver;
  readonly session: WhepSession;
  readonly reception: RtpReception;
}

/** Receives a stream by WebRTC from a link. When the connection ends, by whichever side or the network, it is made anew. */
export class WhepInput implements StreamInput {
  /** The link without what lets one in. */
  readonly address: string;
  readonly warning = undefined;
  private readonly client: WhepClient;
  private readonly handlers: InputHandlers;
  private connection: Connection | undefined;
  private timer: NodeJS.Timeout | undefined;
  private pauseMs = FIRST_PAUSE_MS;
  private lastFailure = "";
  /** A stream was told to have started, and not to have ended. */
  private isStreaming = false;
  private isClosed = false;

  private constructor(url: URL, options: WhepOptions, handlers: InputHandlers) {
    this.address = `${url.origin}${url.pathname === "/" ? "" : url.pathname}`;
    this.client = new WhepClient(url, options);
    this.handlers = handlers;
  }

  /**
   * Connects for the first time.
   *
   * @throws SightlineError why the server does not let us in, or cannot be reached; see {@link WhepClient.open}
   */
  static async open(url: URL, options: WhepOptions, handlers: InputHandlers): Promise<WhepInput> {
    const input = new WhepInput(url, options, handlers);
    await input.connect();
    return input;
  }

  /** {@inheritDoc StreamInput.requestKeyframe} */
  requestKeyframe(): void {
    this.connection?.reception.requestKeyframe();
  }

  /** {@inheritDoc StreamInput.requestStills} */
  requestStills(): void {
    this.connection?.receiver.channels.tiles?.send(Uint8Array.of(MessageKind.refresh));
  }

  /** {@inheritDoc StreamInput.statistics} */
  statistics(): InputStatistics {
    return this.connection?.reception.statistics() ?? NOTHING;
  }

  /** {@inheritDoc StreamInput.close} */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.disconnect();
  }

  private async connect(): Promise<void> {
    const receiver = await WebRtcReceiver.offer();
    try {
      const session = await this.client.open(receiver.offerSdp);
      await receiver.accept(session.answerSdp);
      this.adopt(receiver, session);
    } catch (error) {
      await receiver.close();
      throw error;
    }
    if (this.isClosed) await this.disconnect();
  }

  private adopt(receiver: WebRtcReceiver, session: WhepSession): void {
    const { payloadTypes, extensions } = receiver.media!;
    const remote = this.address;
    const reception = new RtpReception({
      payloadTypes,
      extensions,
      transmit: (datagram) => receiver.send(datagram),
      handlers: {
        frame: (frame) => this.handlers.frame(frame),
        still: (message) => this.handlers.still(message),
        stillsReset: () => {},
        event: (event) => {
          if (event.kind === "stream-ended") {
            this.beginAnew();
            return;
          }
          this.handlers.event(event);
          if (event.kind !== "stream-started") return;
          this.isStreaming = true;
          this.pauseMs = FIRST_PAUSE_MS;
        },
      },
    });
    this.receiveStills(receiver);
    const connection = { receiver, session, reception };
    this.connection = connection;
    const isCurrent = () => this.connection === connection && !this.isClosed;
    receiver.listen({
      datagram: (datagram) => reception.receive(datagram, remote),
      connected: () => clearTimeout(this.timer),
      disconnected: () => isCurrent() && this.reconnectAfter(INTERRUPTION_MS),
      closed: () => isCurrent() && this.beginAnew(),
    });
  }

  private beginAnew(): void {
    this.endStream();
    this.reconnectAfter(this.pauseMs);
  }

  /** Tells once that the stream ended: the sender's goodbye may come after the end of the connection, or not at all. */
  private endStream(): void {
    if (!this.isStreaming) return;
    this.isStreaming = false;
    this.handlers.event({ kind: "stream-ended" });
  }

  private receiveStills({ channels: { masks, tiles, pointer } }: WebRtcReceiver): void {
    const assembler = new ChunkAssembler();
    this.handlers.stillsReset();
    masks?.onMessage((message) => this.handlers.still(message));
    pointer?.onMessage((message) => this.handlers.still(message));
    tiles?.onMessage((message) => {
      const chunk = parseChunk(message);
      const still = chunk && assembler.add(chunk);
      if (still !== undefined) this.handlers.still(still);
    });
  }

  private reconnectAfter(pauseMs: number): void {
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = setTimeout(() => void this.reconnect(), pauseMs);
  }

  private async reconnect(): Promise<void> {
    await this.disconnect();
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    try {
      await this.connect();
    } catch (error) {
      if (!(error instanceof SightlineError)) throw error;
      this.endStream(); // the server is gone, not only the connection
      // Told once: it may be hours until the sender is back.
      if (error.message !== this.lastFailure) this.handlers.event({ kind: "warning", message: error.message });
      this.lastFailure = error.message;
      this.reconnectAfter(this.pauseMs);
    }
  }

  private async disconnect(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    if (connection === undefined) return;
    connection.reception.close();
    await Promise.all([connection.session.end(), connection.receiver.close()]);
  }
}
