import type { Rng } from "../random.js";
import { NO_EXTENSIONS } from "../rtp/header-extension.js";
import {
  type RtpPacket,
  type RtpTimestamp,
  rtpTimestamp,
  type SequenceNumber,
  sequenceNumber,
  timestampDelta,
} from "../rtp/index.js";
import type { Micros } from "../time.js";
import { Retransmitter } from "./retransmitter.js";

/** The RTP stream of still tiles beside a video. */
export interface StillPacketsOptions {
  /** Random, another one than the video's. */
  readonly ssrc: number;
  readonly payloadType: number;
  /**
   * `plain`, the default: a message is a packet's payload. `h264-frames`: for pages, which can only read whole frames of a codec
   * that their browser knows; each packet is a frame of one SEI NAL unit, never to be decoded. Masks and pointer go by data channel.
   */
  readonly format?: "plain" | "h264-frames";
}

/** Of an SEI NAL unit (H.264 §7.3.1), of which browsers read no more than its type. */
const NAL_HEADER = 0x06;

/** Carries messages of the still layer on an RTP stream of their own: one a packet, lost packets again. */
export class StillPackets {
  readonly ssrc: number;
  /** Whether the messages are for a page, which gets no other ones than pixels this way. */
  readonly isForPage: boolean;
  private readonly payloadType: number;
  private readonly retransmitter: Retransmitter;
  private next: SequenceNumber;
  private newest: RtpTimestamp | undefined;

  constructor({ ssrc, payloadType, format = "plain" }: StillPacketsOptions, rng: Rng) {
    this.ssrc = ssrc;
    this.isForPage = format === "h264-frames";
    this.payloadType = payloadType;
    this.retransmitter = new Retransmitter({ rtx: undefined, rng });
    this.next = sequenceNumber(rng.uint32());
  }

  /** The packet of a message that is sent now. */
  packetize(now: Micros, timestamp: RtpTimestamp, message: Uint8Array): RtpPacket {
    const { ssrc, payloadType, next, isForPage } = this;
    const packet = {
      payloadType,
      marker: isForPage,
      sequenceNumber: next,
      timestamp: isForPage ? this.distinct(timestamp) : timestamp,
      ssrc,
      extensions: NO_EXTENSIONS,
      payload: isForPage ? nalUnit(message) : message,
    };
    this.next = sequenceNumber(next + 1);
    this.retransmitter.onSent(now, packet);
    return packet;
  }

  /** What has one timestamp is one frame. */
  private distinct(timestamp: RtpTimestamp): RtpTimestamp {
    const { newest } = this;
    const isTaken = newest !== undefined && timestampDelta(newest, timestamp) <= 0;
    this.newest = isTaken ? rtpTimestamp(newest + 1) : timestamp;
    return this.newest;
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

function nalUnit(message: Uint8Array): Uint8Array {
  const unit = new Uint8Array(1 + message.length);
  unit[0] = NAL_HEADER;
  unit.set(message, 1);
  return unit;
}
