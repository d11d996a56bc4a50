import { readUint32, writeUint32 } from "../rtp/byte-order.js";
import {
  createFeedback,
  FEEDBACK_STREAMS_SIZE,
  type FeedbackStreams,
  PacketType,
  PayloadSpecificFormat,
  RTCP_HEADER_SIZE,
} from "./header.js";

/** The command to send a keyframe, as one who joins gives it: FIR (RFC 5104 §4.3.1). */
export interface FullIntraRequest extends FeedbackStreams {
  readonly kind: "fir";
  /** The streams meant, at least one. `mediaSsrc` is not used and 0. */
  readonly requests: readonly FirRequest[];
}

/** What is asked of one stream. */
export interface FirRequest {
  /** The stream that should send a keyframe. */
  readonly ssrc: number;
  /** 0 … 255, one more for each new command: the same number again is the same command repeated. */
  readonly commandSequence: number;
}

const FIR_REQUEST_SIZE = 8;

/**
 * Reads the body of a FIR.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                              SSRC                             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   Seq nr.     |                   reserved                    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function parseFullIntraRequest(body: Uint8Array): FullIntraRequest | undefined {
  if (body.length < FEEDBACK_STREAMS_SIZE + FIR_REQUEST_SIZE) return undefined;
  const requests: FirRequest[] = [];
  for (let at = FEEDBACK_STREAMS_SIZE; at + FIR_REQUEST_SIZE <= body.length; at += FIR_REQUEST_SIZE) {
    requests.push({ ssrc: readUint32(body, at), commandSequence: body[at + 4]! });
  }
  return { kind: "fir", senderSsrc: readUint32(body, 0), mediaSsrc: readUint32(body, 4), requests };
}

/** The whole FIR packet; layout at {@link parseFullIntraRequest}. */
export function serializeFullIntraRequest({ senderSsrc, mediaSsrc, requests }: FullIntraRequest): Uint8Array {
  const packet = createFeedback({
    packetType: PacketType.payloadSpecificFeedback,
    format: PayloadSpecificFormat.fullIntraRequest,
    senderSsrc,
    mediaSsrc,
    controlInformationSize: requests.length * FIR_REQUEST_SIZE,
  });
  let at = RTCP_HEADER_SIZE + FEEDBACK_STREAMS_SIZE;
  for (const { ssrc, commandSequence } of requests) {
    writeUint32(packet, at, ssrc);
    packet[at + 4] = commandSequence;
    at += FIR_REQUEST_SIZE;
  }
  return packet;
}
