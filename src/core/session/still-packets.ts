import type { Rng } from "../random.js";
import { NO_EXTENSIONS } from "../rtp/header-extension.js";
import { type RtpPacket, type RtpTimestamp, type SequenceNumber, sequenceNumber } from "../rtp/index.js";
import type { Micros } from "../time.js";
import { Retransmitter } from "./retransmitter.js";

/** The RTP stream of still tiles beside a video. */
export interface StillPacketsOptions {
  /** Random, another one than the video's. */
  readonly ssrc: number;
  readonly payloadType: number;
}

/** Carries messages of the still layer on an RTP stream of their own: one a packet, lost packets again. */
export class StillPackets {
  readonly ssrc: number;
  private readonly payloadType: number;
  private readonly retransmitter: Retransmitter;
  private next: SequenceNumber;

  constructor({ ssrc, payloadType }: StillPacketsOptions, rng: Rng) {
    this.ssrc = ssrc;
    this.payloadType = payloadType;
    this.retransmitter = new Retransmitter({ rtx: undefined, rng });
    this.next = sequenceNumber(rng.uint32());
  }

  /** The packet of a message that is sent now. */
  packetize(now: Micros, timestamp: RtpTimestamp, payload: Uint8Array): RtpPacket {
    const { ssrc, payloadType, next } = this;
    const packet = {
      payloadType,
      marker: false,
      sequenceNumber: next,
      timestamp,
      ssrc,
      extensions: NO_EXTENSIONS,
      payload,
    };
    this.next = sequenceNumber(next + 1);
    this.retransmitter.onSent(now, packet);
    return packet;
  }

  /** The packets to send again for a request. */
  answer(
    now: Micros,
    lost: readonly SequenceNumber[],
    path: { readonly roundTrip: Micros; readonly targetBitrateBps: number },
  ): RtpPacket[] {
    return this.retransmitter.answer(now, lost, path);
  }
}
