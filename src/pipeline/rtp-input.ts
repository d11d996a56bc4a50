import { randomBytes, randomInt } from "node:crypto";
import { now } from "../clock/index.js";
import {
  findParameterSets,
  joinAnnexB,
  type ParameterSets,
  type ReceivedFrame,
  type ReceiverEvent,
  type ReceiverInput,
  RtpReceiver,
} from "../core/index.js";
import { Driver, type UdpSocket } from "../transport/index.js";
import { bindListening, isFrom } from "./listening.js";
import type { RtpSession } from "./rtp-session.js";
import { secureRng } from "./secure-rng.js";
import type { InputHandlers, InputStatistics, StreamInput } from "./stream-input.js";

/** Receives a stream as RTP over UDP, asks for what is missing, and hands out its frames. */
export class RtpInput implements StreamInput {
  readonly address: string;
  readonly warning: string | undefined;
  private readonly socket: UdpSocket;
  private readonly receiver: RtpReceiver;
  private readonly driver: Driver<
    ReceiverInput,
    { readonly datagram: Uint8Array; readonly remote: string },
    ReceiverEvent
  >;
  private readonly handlers: InputHandlers;
  private readonly parameterSets: ParameterSets | undefined;

  private constructor(socket: UdpSocket, session: RtpSession, handlers: InputHandlers) {
    this.socket = socket;
    this.handlers = handlers;
    this.parameterSets = session.parameterSets;
    this.address = socket.address;
    this.warning = socket.receiveBufferWarning;
    this.receiver = new RtpReceiver({
      rng: secureRng,
      ssrc: randomInt(2 ** 32),
      cname: randomBytes(12).toString("base64"),
      payloadTypes: session.payloadTypes,
      extensions: session.extensions,
    });
    this.driver = new Driver(this.receiver, {
      transmit: ({ datagram, remote }) => socket.send(datagram, remote),
      event: (event) => this.onEvent(event),
    });
    const { onlyFrom } = session;
    socket.listen({
      datagram: (datagram, remote) => {
        if (onlyFrom !== undefined && !isFrom(remote, onlyFrom)) return;
        this.driver.input({ kind: "datagram", datagram, remote, arrival: now() });
      },
      failure: ({ message }) => handlers.event({ kind: "warning", message }),
    });
  }

  /**
   * Opens the socket.
   *
   * @throws SightlineError `in-use` or `unreachable` if it cannot be bound
   */
  static async open(session: RtpSession, handlers: InputHandlers): Promise<RtpInput> {
    return new RtpInput(await bindListening(session), session, handlers);
  }

  /** {@inheritDoc StreamInput.requestKeyframe} */
  requestKeyframe(): void {
    this.driver.input({ kind: "keyframe-needed" });
  }

  /** {@inheritDoc StreamInput.statistics} */
  statistics(): InputStatistics {
    const { framesDropped, packetsLost, packetsRepaired, roundTripMs, ...others } = this.receiver.stats(now());
    const { bitrateBps, framesReceived, packetsReceived, jitterMs } = others;
    return {
      bitrateBps,
      framesReceived,
      framesLost: framesDropped,
      packetsReceived,
      packetsLost: Math.max(0, packetsLost - packetsRepaired),
      packetsRepaired,
      jitterMs,
      ...(roundTripMs !== undefined && { roundTripMs }),
    };
  }

  /** {@inheritDoc StreamInput.close} */
  async close(): Promise<void> {
    this.driver.input({ kind: "close" });
    this.driver.stop();
    await this.socket.close();
  }

  private onEvent(event: ReceiverEvent): void {
    switch (event.kind) {
      case "frame":
        this.handlers.frame(this.completed(event.frame));
        break;
      case "stream-started":
        this.handlers.event({ kind: "stream-started", remote: event.remote, codec: event.codec });
        break;
      case "stream-silent":
      case "stream-resumed":
      case "stream-ended":
        this.handlers.event({ kind: event.kind });
        break;
    }
  }

  /** A keyframe without parameter sets gets those of the session description. */
  private completed(frame: ReceivedFrame): ReceivedFrame {
    const { parameterSets } = this;
    if (!parameterSets || !frame.keyframe || findParameterSets(frame.data)) return frame;
    const sets = joinAnnexB([...parameterSets.sequence, ...parameterSets.picture]);
    const data = new Uint8Array(sets.length + frame.data.length);
    data.set(sets);
    data.set(frame.data, sets.length);
    return { ...frame, data };
  }
}
