import type { VideoCodec } from "../frame.js";

/**
 * What a payload type number stands for: a codec's payload format, or of another number the retransmissions (RFC 4588), the
 * repair packets or the still tiles.
 */
export type PayloadFormat =
  | { readonly codec: VideoCodec }
  | { readonly rtxOf: number }
  | { readonly fecOf: number }
  | { readonly stillsOf: number };

/** The meaning of each payload type number of a session. */
export type PayloadTypeMap = ReadonlyMap<number, PayloadFormat>;

/** The payload type numbers with which one codec is sent. */
export interface CodecPayloadTypes {
  /** Of the media itself. */
  readonly payloadType: number;
  /** Of its retransmissions (RFC 4588). Absent: lost packets are sent again as they were. */
  readonly rtxPayloadType?: number;
  /** Of the repair packets that protect it (docs/fec.md). Absent: it is not protected. */
  readonly fecPayloadType?: number;
}

/** Of the repair packets that protect H.264 between Sightline peers. */
export const DEFAULT_FEC_PAYLOAD_TYPE = 118;
/** Of the still tiles that lie over H.264 between Sightline peers. */
export const DEFAULT_STILLS_PAYLOAD_TYPE = 119;

/** The numbers that both ends use where no session description says otherwise. JPEG's is static (RFC 3551 §6). */
export const DEFAULT_CODEC_PAYLOAD_TYPES: Readonly<Record<VideoCodec, CodecPayloadTypes>> = {
  h264: { payloadType: 96, rtxPayloadType: 97, fecPayloadType: DEFAULT_FEC_PAYLOAD_TYPE },
  jpeg: { payloadType: 26 },
};

/** {@link DEFAULT_CODEC_PAYLOAD_TYPES} as a receiver looks them up. */
export const DEFAULT_PAYLOAD_TYPES: PayloadTypeMap = new Map<number, PayloadFormat>([
  [26, { codec: "jpeg" }],
  [96, { codec: "h264" }],
  [97, { rtxOf: 96 }],
  [DEFAULT_FEC_PAYLOAD_TYPE, { fecOf: 96 }],
  [DEFAULT_STILLS_PAYLOAD_TYPE, { stillsOf: 96 }],
]);
