import { readUint32 } from "../rtp/byte-order.js";
import {
  createFeedback,
  FEEDBACK_STREAMS_SIZE,
  type FeedbackStreams,
  PacketType,
  PayloadSpecificFormat,
} from "./header.js";

/** A decoder lost its picture and needs a keyframe: PLI (RFC 4585 §6.3.1). It carries the two SSRCs and nothing else. */
export interface PictureLossIndication extends FeedbackStreams {
  readonly kind: "pli";
}

/** Reads the body of a PLI. */
export function parsePictureLossIndication(body: Uint8Array): PictureLossIndication | undefined {
  if (body.length < FEEDBACK_STREAMS_SIZE) return undefined;
  return { kind: "pli", senderSsrc: readUint32(body, 0), mediaSsrc: readUint32(body, 4) };
}

/** The whole PLI packet. */
export function serializePictureLossIndication({ senderSsrc, mediaSsrc }: PictureLossIndication): Uint8Array {
  return createFeedback({
    packetType: PacketType.payloadSpecificFeedback,
    format: PayloadSpecificFormat.pictureLossIndication,
    senderSsrc,
    mediaSsrc,
    controlInformationSize: 0,
  });
}
