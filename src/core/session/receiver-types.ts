import type { EncodedFrame, VideoCodec } from "../frame.js";
import type { Rng } from "../random.js";
import type { ExtensionMap, PayloadTypeMap, RtpTimestamp } from "../rtp/index.js";
import type { Micros } from "../time.js";
import type { ReceiverCapabilities } from "./receiver-capabilities.js";

/** What an `RtpReceiver` is made from. */
export interface RtpReceiverOptions {
  readonly rng: Rng;
  /** Names the receiver in its reports: random (RFC 3550 §8.1). */
  readonly ssrc: number;
  /** Names the receiving program for the whole session (RFC 7022). */
  readonly cname: string;
  /** What the payload types stand for; others are ignored. */
  readonly payloadTypes: PayloadTypeMap;
  /** What the viewer understands, to be told to the sender. Default: nothing special. */
  readonly capabilities?: ReceiverCapabilities;
  /** H.264's parameter sets are known from a description, so that a first keyframe without them is worth showing; default: no. */
  readonly hasParameterSets?: boolean;
  /** The header extensions to read. */
  readonly extensions: ExtensionMap;
  /**
   * The stream that is shown stays itself when its packets come from another address. Only where datagrams are authenticated
   * before they come here: anyone else could take the stream over. Default: false.
   */
  readonly followsSender?: boolean;
}

/** What happens to a receiver. */
export type ReceiverInput =
  | {
      readonly kind: "datagram";
      /** Its memory must stay as it is: lost packets are rebuilt from those that came. */
      readonly datagram: Uint8Array;
      /** The address it came from: any text that is the same for the same address. */
      readonly remote: string;
      /** When it arrived at the socket; not after `now`. */
      readonly arrival: Micros;
    }
  /** The decoder lost its picture. */
  | { readonly kind: "keyframe-needed" }
  /** The viewer lost track of what is still: all of it must come anew. */
  | { readonly kind: "stills-needed" }
  /** Time has passed. */
  | { readonly kind: "timeout" }
  /** Nobody watches any more: says goodbye, and does nothing more. */
  | { readonly kind: "close" };

/** A complete frame, ready to be decoded. */
export interface ReceivedFrame extends EncodedFrame {
  readonly rtpTimestamp: RtpTimestamp;
  /** In the receiver's clock, estimated. */
  readonly captureTime: Micros;
  /** `captureTime` is measured, to half the difference between the ways out and back; otherwise it is a guess. */
  readonly captureTimeKnown: boolean;
  /** When its earliest and its latest packet arrived. */
  readonly firstArrival: Micros;
  readonly lastArrival: Micros;
  /** A packet of it was lost and repaired. */
  readonly repaired: boolean;
}

/** What a receiver tells. */
export type ReceiverEvent =
  | { readonly kind: "frame"; readonly frame: ReceivedFrame }
  /** A message of the still layer: a mask message or an object, as `StillReceiver.receive` takes it. */
  | { readonly kind: "still-message"; readonly message: Uint8Array }
  /** A stream is shown from now on. Its first frame is a keyframe. */
  | {
      readonly kind: "stream-started";
      readonly ssrc: number;
      readonly remote: string;
      readonly codec: VideoCodec;
      readonly payloadType: number;
    }
  /** Nothing at all has come for two seconds, not even a report. */
  | { readonly kind: "stream-silent"; readonly since: Micros }
  /** The stream that was silent is back. */
  | { readonly kind: "stream-resumed" }
  | { readonly kind: "stream-ended"; readonly reason: "bye" };

/** What a receiver wants done. */
export type ReceiverOutput =
  | { readonly kind: "transmit"; readonly datagram: Uint8Array; readonly remote: string }
  | { readonly kind: "event"; readonly event: ReceiverEvent }
  /** Nothing more until then. `NEVER` (infinity): not before the next input. */
  | { readonly kind: "timeout"; readonly at: Micros };
