import { randomBytes, randomInt } from "node:crypto";
import { now } from "../clock/index.js";
import {
  type ExtensionMap,
  type PayloadTypeMap,
  type ReceiverCapabilities,
  type ReceiverEvent,
  type ReceiverInput,
  RtpReceiver,
  type RtpReceiverOptions,
} from "../core/index.js";
import { Driver } from "../transport/index.js";
import { secureRng } from "./secure-rng.js";
import type { InputHandlers, InputStatistics } from "./stream-input.js";

/** Options of {@link RtpReception}. */
export interface RtpReceptionOptions {
  readonly payloadTypes: PayloadTypeMap;
  readonly extensions: ExtensionMap;
  /** Datagrams are authentic: their sender may change its address. Default: false. */
  readonly followsSender?: boolean;
  /** See {@link RtpReceiverOptions.hasParameterSets}. */
  readonly hasParameterSets?: boolean;
  /** What the viewer understands. Default: nothing special. */
  readonly capabilities?: ReceiverCapabilities;
  /** Carries an RTCP datagram to a sender. */
  readonly transmit: (datagram: Uint8Array, remote: string) => void;
  readonly handlers: InputHandlers;
}

/**
 * Receives a stream as RTP, asks for what is missing, and hands out its frames. Whatever carries its datagrams, UDP or WebRTC,
 * is the caller's.
 */
export class RtpReception {
  private readonly receiver: RtpReceiver;
  private readonly driver: Driver<
    ReceiverInput,
    { readonly datagram: Uint8Array; readonly remote: string },
    ReceiverEvent
  >;
  private readonly handlers: InputHandlers;
  private readonly capabilities: ReceiverCapabilities | undefined;

  constructor(options: RtpReceptionOptions) {
    const {
      payloadTypes,
      extensions,
      followsSender = false,
      hasParameterSets = false,
      capabilities,
      transmit,
      handlers,
    } = options;
    this.handlers = handlers;
    this.capabilities = capabilities;
    this.receiver = new RtpReceiver({
      rng: secureRng,
      ssrc: randomInt(2 ** 32),
      cname: randomBytes(12).toString("base64"),
      payloadTypes,
      extensions,
      followsSender,
      hasParameterSets,
      ...(capabilities && { capabilities }),
    });
    this.driver = new Driver(this.receiver, {
      transmit: ({ datagram, remote }) => transmit(datagram, remote),
      event: (event) => this.handleEvent(event),
    });
  }

  /** A datagram came. Its memory must stay as it is. */
  receive(datagram: Uint8Array, remote: string): void {
    this.driver.input({ kind: "datagram", datagram, remote, arrival: now() });
  }

  /** Decoding can only go on with a keyframe. */
  requestKeyframe(): void {
    this.driver.input({ kind: "keyframe-needed" });
  }

  /** All still tiles must come anew. */
  requestStills(): void {
    this.driver.input({ kind: "stills-needed" });
  }

  /** What was received so far, and how. */
  statistics(): InputStatistics {
    const { framesDropped, packetsLost, packetsRepaired, roundTripMs, ...others } = this.receiver.stats(now());
    const { bitrateBps, framesReceived, framesSkipped, framesHeld, playoutDepthMs, packetsReceived, jitterMs } = others;
    return {
      bitrateBps,
      framesReceived,
      framesLost: framesDropped,
      framesSkipped,
      framesHeld,
      playoutDepthMs,
      packetsReceived,
      packetsLost: Math.max(0, packetsLost - packetsRepaired),
      packetsRepaired,
      jitterMs,
      ...(roundTripMs !== undefined && { roundTripMs }),
    };
  }

  /** Says goodbye; nothing is received any more. */
  close(): void {
    this.driver.input({ kind: "close" });
    this.driver.stop();
  }

  private handleEvent(event: ReceiverEvent): void {
    switch (event.kind) {
      case "frame":
        this.handlers.frame(event.frame);
        break;
      case "still-message":
        this.handlers.still(event.message);
        break;
      case "stream-started":
        if (this.capabilities?.stills) this.handlers.stillsReset();
        this.handlers.event({ kind: "stream-started", remote: event.remote, codec: event.codec });
        break;
      case "stream-silent":
      case "stream-resumed":
      case "stream-ended":
        this.handlers.event({ kind: event.kind });
        break;
    }
  }
}
