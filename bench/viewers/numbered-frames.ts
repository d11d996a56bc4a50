import { now } from "#internal/clock/index.js";
import type { EncodedFrame } from "#internal/core/index.js";

const START_CODE = [0, 0, 0, 1];
/** Parameter sets of Constrained Baseline; receivers of RTP look no further. */
const PARAMETER_SETS = [
  ...[...START_CODE, 0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x01, 0x41, 0xfb, 0x01, 0x10],
  ...[...START_CODE, 0x68, 0xce, 0x3c, 0x80],
];
const IDR_SLICE = 0x65;
const NON_IDR_SLICE = 0x41;
const FIRST_SLICE_BYTE = 0x88;
const NUMBER_BYTES = 4;
/** Never zero, so that no start code appears. */
const HIGH_BIT = 0x80;

/** A frame that looks like H.264 to RTP and says which one it is. */
export function numberedFrame(number: number, { size, keyframe }: { size: number; keyframe: boolean }): EncodedFrame {
  const head = [...(keyframe ? PARAMETER_SETS : []), ...START_CODE, keyframe ? IDR_SLICE : NON_IDR_SLICE];
  const data = new Uint8Array(size).fill(0xa5);
  data.set([...head, FIRST_SLICE_BYTE]);
  for (let i = 0; i < NUMBER_BYTES; i++) data[head.length + 1 + i] = HIGH_BIT | ((number >> (7 * i)) & 0x7f);
  return { codec: "h264", data, keyframe, captureTime: now() };
}

/** The number of a frame that {@link numberedFrame} made. */
export function frameNumber(frame: EncodedFrame): number {
  const at = (frame.keyframe ? PARAMETER_SETS.length : 0) + START_CODE.length + 2;
  let number = 0;
  for (let i = 0; i < NUMBER_BYTES; i++) number |= (frame.data[at + i]! & ~HIGH_BIT) << (7 * i);
  return number;
}
