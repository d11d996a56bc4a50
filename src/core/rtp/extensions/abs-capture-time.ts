import { type Micros, micros } from "../../time.js";
import { readUint32, writeUint32 } from "../byte-order.js";
import { fromNtp, toNtp } from "../ntp.js";

/** Names the absolute capture time in a session description (webrtc.org, "Absolute Capture Time"). */
export const ABS_CAPTURE_TIME_URI = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";

/** When a frame was captured (webrtc.org, "Absolute Capture Time"). */
export interface AbsCaptureTime {
  /** In the clock of the machine that captured it. */
  readonly captureTime: Micros;
  /** What to add to get the sender's clock, where a server passed on what another machine captured. Absent: not known. */
  readonly clockOffset?: Micros;
}

/**
 * The data of an absolute capture time: 8 bytes, or 16 with the clock offset.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  ID   | len   |  capture time, 64-bit NTP (UQ32.32) ...       |
 * |               |  clock offset, signed seconds (Q32.32) ...    |
 * ```
 */
export function writeAbsCaptureTime({ captureTime, clockOffset }: AbsCaptureTime): Uint8Array {
  const data = new Uint8Array(clockOffset === undefined ? 8 : 16);
  const ntp = toNtp(captureTime);
  writeUint32(data, 0, ntp.seconds);
  writeUint32(data, 4, ntp.fraction);
  if (clockOffset !== undefined) {
    const wholeSeconds = Math.floor(clockOffset / 1_000_000);
    writeUint32(data, 8, wholeSeconds);
    writeUint32(data, 12, Math.floor(((clockOffset - wholeSeconds * 1_000_000) * 2 ** 32) / 1_000_000));
  }
  return data;
}

/** Reads {@link writeAbsCaptureTime}; undefined if the size is wrong. */
export function readAbsCaptureTime(data: Uint8Array): AbsCaptureTime | undefined {
  if (data.length !== 8 && data.length !== 16) return undefined;
  const captureTime = fromNtp({ seconds: readUint32(data, 0), fraction: readUint32(data, 4) });
  if (data.length === 8) return { captureTime };
  const wholeSeconds = readUint32(data, 8) | 0;
  const rest = Math.round((readUint32(data, 12) * 1_000_000) / 2 ** 32);
  return { captureTime, clockOffset: micros(wholeSeconds * 1_000_000 + rest) };
}
