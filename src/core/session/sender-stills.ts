import type { Rng } from "../random.js";
import type { RtcpPacket } from "../rtcp/index.js";
import type { RtpPacket, RtpTimestamp } from "../rtp/index.js";
import type { Micros } from "../time.js";
import { StillPackets } from "./still-packets.js";
import { type StillMessage, StillStream, type StillStreamOptions } from "./still-stream.js";

/** What of the still layer leaves: a packet of its RTP stream, or a message for a data channel. */
export type StillOutput =
  | { readonly kind: "packet"; readonly packet: RtpPacket }
  | { readonly kind: "message"; readonly message: StillMessage };

/** What {@link SenderStills} needs to know of the sender that it belongs to. */
export interface SenderStillsContext {
  /** The RTP timestamp of a frame of the video captured then. */
  readonly timestampAt: (captureTime: Micros) => RtpTimestamp;
  readonly maxPayloadSize: number;
  readonly rng: Rng;
}

/** The still tiles of an `RtpSender`: what is to be sent when, and by which way. */
export class SenderStills {
  private readonly stream: StillStream;
  private readonly packets: StillPackets | undefined;
  private readonly timestampAt: (captureTime: Micros) => RtpTimestamp;
  private hasChannel = false;

  constructor(options: StillStreamOptions, { timestampAt, maxPayloadSize, rng }: SenderStillsContext) {
    const { store, pointer, rtp, maxMessageSize = maxPayloadSize } = options;
    this.stream = new StillStream({ store, pointer, timestampAt, maxMessageSize });
    this.packets = rtp && new StillPackets(rtp, rng);
    this.timestampAt = timestampAt;
  }

  /** A receiver says that it understands stills, for the first time. */
  onCapable(now: Micros): StillOutput[] {
    return this.packets === undefined ? [] : this.outputs(now, this.stream.start());
  }

  /** The data channels are open, and take pixels or take no more for the moment. */
  onChannel(now: Micros, { isReady }: { readonly isReady: boolean }): StillOutput[] {
    this.stream.block(!isReady);
    if (this.hasChannel) return [];
    this.hasChannel = true;
    return this.outputs(now, this.stream.start());
  }

  /** Whether pixels are of no use at present. */
  pause(on: boolean): void {
    this.stream.pause(on);
  }

  /** The viewer needs everything anew. */
  onRefresh(now: Micros): StillOutput[] {
    return this.outputs(now, this.stream.refresh());
  }

  /** Takes in an RTCP packet of the viewer's. */
  onFeedback(
    now: Micros,
    packet: RtcpPacket,
    path: { readonly roundTrip: Micros; readonly targetBitrateBps: number },
  ): StillOutput[] {
    if (packet.kind === "nack") this.stream.onLoss(now);
    const { packets } = this;
    if (packets === undefined || (packet.kind !== "nack" && packet.kind !== "pli")) return [];
    if (packet.mediaSsrc !== packets.ssrc) return [];
    // A browser asks because it was given nothing to decode.
    if (packet.kind === "pli") return packets.isForPage ? [] : this.onRefresh(now);
    return packets.answer(now, packet.lost, path).map((again) => ({ kind: "packet", packet: again }));
  }

  /** A picture changed, or a frame is about to be sent: what must be sent before it. */
  tell(now: Micros, captureTime: Micros): StillOutput[] {
    return this.outputs(now, this.stream.tell(now, captureTime));
  }

  /** The pointer moved, or looks different. */
  tellPointer(now: Micros): StillOutput[] {
    return this.outputs(now, this.stream.tellPointer(now));
  }

  /** What is due, if anything; `isIdle`: nothing else waits to be sent. */
  poll(now: Micros, state: { readonly isIdle: boolean }): StillOutput | undefined {
    const message = this.stream.poll(now, state);
    return message && this.outputs(now, [message])[0];
  }

  /** When to poll again. */
  nextTimeout(now: Micros, state: { readonly isIdle: boolean }): Micros {
    return this.stream.nextTimeout(now, state);
  }

  /** Packets of whatever kind were sent over the path. */
  onSent(now: Micros, sizeBytes: number): void {
    this.stream.onSent(now, sizeBytes);
  }

  /** The path carries this much, in bits/s. */
  setRate(rateBps: number): void {
    this.stream.setRate(rateBps);
  }

  private outputs(now: Micros, messages: readonly StillMessage[]): StillOutput[] {
    const { packets } = this;
    return messages.map((message): StillOutput => {
      if (packets !== undefined && (!packets.isForPage || message.channel === "tiles")) {
        return { kind: "packet", packet: packets.packetize(now, this.timestampAt(now), message.data) };
      }
      this.stream.onSent(now, message.data.length);
      return { kind: "message", message };
    });
  }
}
