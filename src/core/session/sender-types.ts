import type { CongestionOptions } from "../congestion/index.js";
import type { FecScheme } from "../fec/index.js";
import type { EncodedFrame, VideoCodec } from "../frame.js";
import type { PacerOptions } from "../pacer/index.js";
import type { Rng } from "../random.js";
import type { ExtensionMap } from "../rtp/index.js";
import type { Micros } from "../time.js";
import type { ReceiverCapabilities } from "./receiver-capabilities.js";
import type { StillMessage, StillStreamOptions } from "./still-stream.js";

/** What an `RtpSender` is made from. */
export interface RtpSenderOptions {
  readonly codec: VideoCodec;
  /** The media stream: random (RFC 3550 §8.1). */
  readonly ssrc: number;
  /** The stream of its retransmissions: random, another one. Used only with `rtxPayloadType`. */
  readonly rtxSsrc: number;
  readonly payloadType: number;
  /** Absent: lost packets are sent again as they were, which every receiver understands. */
  readonly rtxPayloadType?: number;
  /** The stream of its repair packets: random, another one. Used only with `fecPayloadType`. */
  readonly fecSsrc?: number;
  /** Absent: frames are not protected. Repair packets are sent only to a path that is seen to lose packets. */
  readonly fecPayloadType?: number;
  /** How the repair packets are made; default Reed-Solomon, as Sightline peers read it. */
  readonly fec?: { readonly scheme: FecScheme };
  /** Absent: no still tiles are sent. They are sent only to a viewer that says that it understands them. */
  readonly stills?: StillStreamOptions;
  /** The header extensions to send. */
  readonly extensions: ExtensionMap;
  /** Names the sending program for the whole session (RFC 7022). */
  readonly cname: string;
  readonly rng: Rng;
  /** RTP payload bytes of a packet at most; default 1,200, which fits any path without fragments. */
  readonly maxPayloadSize?: number;
  /** What the encoder is set to; where congestion control starts. */
  readonly bitrateBps: number;
  /** Default: a token bucket at the rate that congestion control decides. */
  readonly pacer?: PacerOptions;
  /** Default: keeps `bitrateBps`. */
  readonly congestion?: CongestionOptions;
}

/** What happens to a sender. */
export type SenderInput =
  /** A frame to be sent. Its memory must stay as it is for two seconds: lost packets are repaired from it. */
  | { readonly kind: "frame"; readonly frame: EncodedFrame }
  /** A datagram that came back from the other side. `remote`: from where, if there may be several. */
  | { readonly kind: "datagram"; readonly datagram: Uint8Array; readonly remote?: string }
  /** What is still has changed: before the frame that shows it for a picture that changed, and whenever pixels were added. */
  | { readonly kind: "stills-changed"; readonly captureTime: Micros }
  /** The source's mouse pointer moved, or looks different. */
  | { readonly kind: "pointer-changed" }
  /** The data channels for stills are open; `isReady`: pixels may be given out as well, not only what changed. */
  | { readonly kind: "stills-channel"; readonly isReady: boolean }
  /** While `on`, the viewer is shown a smaller picture, for which pixels are of no use. */
  | { readonly kind: "stills-pause"; readonly on: boolean }
  /** The viewer says by a data channel that it needs all stills anew. */
  | { readonly kind: "stills-refresh" }
  /** Time has passed. */
  | { readonly kind: "timeout" }
  /** The stream ends: says goodbye, and sends nothing more. */
  | { readonly kind: "close" };

/** What a sender tells. */
export type SenderEvent =
  /** The encoder must make a keyframe now. */
  | {
      readonly kind: "keyframe-requested";
      /** `overrun`: the path has narrowed, and what was coded for the wider one was given up. */
      readonly reason: "pli" | "fir" | "overrun";
    }
  /** Someone watches. */
  | { readonly kind: "receiver-appeared"; readonly ssrc: number }
  /** A message of the still layer for a data channel, now. */
  | ({ readonly kind: "still-message" } & StillMessage)
  /** A receiver says what it understands. Told once of each. */
  | { readonly kind: "receiver-capabilities"; readonly ssrc: number; readonly capabilities: ReceiverCapabilities }
  /** One who watched has left, and others have not, or it said goodbye. */
  | { readonly kind: "receiver-left"; readonly ssrc: number }
  /** Nobody answers: the last one fell silent, or nobody ever answered. Told once. */
  | { readonly kind: "receiver-silent" }
  /** The encoder must aim for another bitrate. */
  | { readonly kind: "target-bitrate"; readonly bitrateBps: number };

/** What a sender wants done. */
export type SenderOutput =
  | { readonly kind: "transmit"; readonly datagram: Uint8Array }
  | { readonly kind: "event"; readonly event: SenderEvent }
  /** Nothing more until then. `NEVER` (infinity): not before the next input. */
  | { readonly kind: "timeout"; readonly at: Micros };
