import type { EncodingRequest, Size } from "../../media/index.js";

/** The most that fits one datagram over IPv4: 65,535 less the IP and UDP headers. */
export const MAX_JPEG_DATAGRAM_BYTES = 65_507;

/** A picture of the low rung is scaled down until its bitrate gives so many bits to a pixel of 30 frames a second. */
const LEAST_BITS_PER_PIXEL = 0.05;
const LOW_SCALES = [1, 2 / 3, 1 / 2, 1 / 3] as const;

/**
 * How a stream can be encoded.
 *
 * - `main-420`, `main-444`: H.264 at full size, with colour sampled for every four pixels or for each
 * - `low`: H.264 at the size and rate that the narrower paths take
 * - `jpeg`: JPEG for RTP
 * - `jpeg-datagram`: JPEG of at most one datagram
 */
export type EncodingId = "main-420" | "main-444" | "low" | "jpeg" | "jpeg-datagram";

/** What the encodings of one stream have in common. */
export interface EncodingSettings {
  /** FFmpeg's name of an encoder, or `hardware`. */
  readonly encoder?: string;
  readonly profile?: NonNullable<EncodingRequest["profile"]>;
}

/** What is known when an encoding is opened. */
export interface EncodingSituation {
  readonly bitrateBps: number;
  /** The source's pictures. */
  readonly picture?: Size & { readonly fps: number };
}

/** What to ask the media process for. */
export function encodingRequest(
  id: EncodingId,
  { encoder, profile }: EncodingSettings,
  { bitrateBps, picture }: EncodingSituation,
): EncodingRequest {
  const common = { id, bitrateBps, ...(profile !== undefined && { profile }) };
  const named = encoder === undefined ? common : { ...common, encoder };
  switch (id) {
    case "main-420":
      return { ...named, codec: "h264" };
    case "main-444":
      return { ...common, codec: "h264", chroma: "444" };
    case "low":
      return { ...named, codec: "h264", isBackground: true, ...(picture && { size: lowSize(picture, bitrateBps) }) };
    case "jpeg":
      return { ...named, codec: "jpeg" };
    case "jpeg-datagram":
      return { ...common, codec: "jpeg", maxFrameBytes: MAX_JPEG_DATAGRAM_BYTES };
  }
}

/** The largest size for which the bitrate suffices. */
function lowSize({ width, height, fps }: Size & { readonly fps: number }, bitrateBps: number): Size {
  const scaled = (scale: number) => ({ width: Math.round(width * scale), height: Math.round(height * scale) });
  const affordable = LOW_SCALES.find((scale) => {
    const size = scaled(scale);
    return bitrateBps >= size.width * size.height * Math.min(fps, 30) * LEAST_BITS_PER_PIXEL;
  });
  return scaled(affordable ?? LOW_SCALES.at(-1)!);
}
