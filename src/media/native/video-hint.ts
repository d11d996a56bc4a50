import * as constants from "node-av/constants";
import type { Frame } from "node-av/lib";
import type { Band, ChangedRows } from "../picture.js";

/** Bands beyond this many are not worth a hint. */
const MAX_BANDS = 64;
const HEADER_BYTES = 32;
const RECT_BYTES = 16;

// The side data is attached once and rewritten for every picture.
const hints = new WeakMap<Frame, Buffer>();

/**
 * Tells the encoder which rows of a frame changed, by FFmpeg's `AVVideoHint` (libavutil/video_hint.h) side data;
 * libx264 with `mb_info` then skips the analysis of the others.
 *
 * ```
 *  0        8             16          24     28     32
 * +--------+-------------+-----------+------+------+--------------------------------+
 * | rects  | rect offset | rect size | type | pad  | rects: x, y, width, height …   |
 * +--------+-------------+-----------+------+------+--------------------------------+
 * ```
 * In the machine's byte order (little-endian on all that FFmpeg's builds for Node exist for); sizes are 64-bit, the
 * rest 32-bit.
 */
export function hintChangedRows(frame: Frame, changed: ChangedRows): void {
  const bands: readonly Band[] =
    changed === "all" || changed.length > MAX_BANDS ? [{ y: 0, height: frame.height }] : changed;
  let hint = hints.get(frame);
  if (hint === undefined) {
    hint = frame.newSideData(constants.AV_FRAME_DATA_VIDEO_HINT, HEADER_BYTES + MAX_BANDS * RECT_BYTES);
    hints.set(frame, hint);
    hint.fill(0);
    hint.writeBigUInt64LE(BigInt(HEADER_BYTES), 8);
    hint.writeBigUInt64LE(BigInt(RECT_BYTES), 16);
    hint.writeUInt32LE(constants.AV_VIDEO_HINT_TYPE_CHANGED, 24);
  }
  hint.writeBigUInt64LE(BigInt(bands.length), 0);
  let at = HEADER_BYTES;
  for (const { y, height } of bands) {
    hint.writeUInt32LE(0, at);
    hint.writeUInt32LE(y, at + 4);
    hint.writeUInt32LE(frame.width, at + 8);
    hint.writeUInt32LE(height, at + 12);
    at += RECT_BYTES;
  }
}
