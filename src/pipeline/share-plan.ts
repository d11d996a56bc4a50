import { SightlineError, type VideoCodec } from "../core/index.js";
import type { LinkOptions, ShareOptions } from "./share-types.js";
import type { EncodingId, EncodingSettings } from "./streams/encodings.js";
import { parseShareDestination, type ShareDestination } from "./targets.js";

/** The cap where none is given, in bits/s. */
const DEFAULT_BITRATE_BPS = 20e6;
/**
 * A screen is coded to a quality, and hardly anything while it is still: only a page that flips comes near the cap. A dense one
 * takes 0.9 MB in 4:4:4, and x264 keeps a frame to half of what its buffer holds: at 60 Mb/s that goes out in one frame.
 */
const DEFAULT_SCREEN_BITRATE_BPS = 60e6;
const DEFAULT_FPS = 30;
const MAX_ID_LENGTH = 40;

/** What a share is to do, understood and checked. */
export interface SharePlan {
  /** As the user named them; none: what this machine has. */
  readonly sources: readonly string[];
  readonly destinations: readonly ShareDestination[];
  /** Absent: no link. */
  readonly link?: LinkOptions;
  readonly codec: VideoCodec;
  readonly encodings: EncodingSettings;
  /** The most that video takes that is coded to a rate, or sent where nobody follows the path, in bits/s. */
  readonly bitrateBps: number;
  /** The most that a screen takes where congestion control follows the path, in bits/s. */
  readonly screenBitrateBps: number;
  readonly fps: number;
}

/**
 * Understands what is asked of a share.
 *
 * @throws SightlineError `invalid-argument` for what makes no sense, or not together
 */
export function sharePlan(options: ShareOptions): SharePlan {
  const { source = [], to = [], link = to.length === 0, codec = "h264", sdpFile, encoder, profile } = options;
  const { bitrateBps = DEFAULT_BITRATE_BPS, fps = DEFAULT_FPS } = options;
  const sources = typeof source === "string" ? [source] : source;
  const destinations = to.map(parseShareDestination);
  if (sources.length > 1 && destinations.length > 0) {
    throw invalid("--to takes one source: share several by a link (leave --to out), or start a share for each");
  }
  if (link !== false && codec === "mjpeg") {
    throw invalid("a link needs H.264: leave --codec out, or add --to HOST:PORT to send JPEG there");
  }
  if (sdpFile !== undefined && !destinations.some(({ protocol }) => protocol === "rtp")) {
    throw invalid("--sdp describes an RTP stream: add --to HOST:PORT");
  }
  if (options.key !== undefined && destinations.some(({ protocol }) => protocol === "jpeg")) {
    throw invalid("jpeg:// cannot be encrypted: leave the key out, or send RTP (--to HOST:PORT)");
  }
  const chosen = encoder ?? (codec === "h264" ? "hardware" : undefined);
  return {
    sources,
    destinations,
    ...(link !== false && { link: link === true ? {} : link }),
    codec: codec === "mjpeg" ? "jpeg" : "h264",
    encodings: { ...(chosen !== undefined && { encoder: chosen }), ...(profile !== undefined && { profile }) },
    bitrateBps,
    screenBitrateBps: options.bitrateBps ?? DEFAULT_SCREEN_BITRATE_BPS,
    fps,
  };
}

/** What is encoded from the start, so that what cannot be is known at once. */
export function initialEncodings({ destinations, link, codec }: SharePlan): EncodingId[] {
  const hasRtp = destinations.some(({ protocol }) => protocol === "rtp");
  const hasJpegDatagrams = destinations.some(({ protocol }) => protocol === "jpeg");
  return [
    ...(hasRtp || link !== undefined ? [codec === "jpeg" ? ("jpeg" as const) : ("main-420" as const)] : []),
    ...(hasJpegDatagrams ? ["jpeg-datagram" as const] : []),
  ];
}

/** Names for streams in URLs, from what the user calls their sources: `screen`, `camera`, `talk.mp4`, `screen-2`. */
export function streamIds(sources: readonly string[]): string[] {
  const ids: string[] = [];
  for (const source of sources) {
    const lastPart = source.replace(/[?#].*$/, "").replace(/^.*[\\/]/, "");
    const safe = lastPart.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+|-+$/g, "");
    const base = safe.slice(0, MAX_ID_LENGTH) || "stream";
    let id = base;
    for (let count = 2; ids.includes(id); count++) id = `${base}-${count}`;
    ids.push(id);
  }
  return ids;
}

function invalid(message: string): SightlineError {
  return new SightlineError("invalid-argument", message);
}
