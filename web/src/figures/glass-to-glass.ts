import type { ClockOffset } from "./sender-clock.js";

/** From NTP's era (1900) to Unix' (1970), in ms. */
const NTP_TO_UNIX_MS = 2_208_988_800_000;
const RTP_TICKS_PER_MS = 90;

/** The capture time that came with a frame (abs-capture-time), as `getSynchronizationSources()` tells it. */
export interface CaptureStamp {
  /** By the capturing machine's clock, in ms since 1900. */
  readonly captureTimestamp: number;
  /** What to add to get the sender's clock, in ms; absent if they are one. */
  readonly senderCaptureTimeOffset?: number | undefined;
  /** RTP timestamp of the frame that was captured then. */
  readonly rtpTimestamp: number;
}

/** A frame on its way to the screen, as `requestVideoFrameCallback` tells it. Times in ms by our clock. */
export interface ShownFrame {
  /** When the browser put it on the screen, in ms since the Unix epoch. */
  readonly displayedAt: number;
  /** Its RTP timestamp, if the browser tells. */
  readonly rtpTimestamp?: number | undefined;
  /** When it was captured, as the browser itself makes it out, in ms since the Unix epoch. */
  readonly capturedAt?: number | undefined;
}

/**
 * How long ago a frame was captured when it is seen.
 *
 * @param frame - the frame
 * @param stamp - the newest capture time that came in; it may belong to a frame shortly before or after
 * @param clock - how the sender's clock stands to ours
 * @returns milliseconds; undefined if it cannot be known
 */
export function glassToGlassMs(
  frame: ShownFrame,
  stamp: CaptureStamp | undefined,
  clock: ClockOffset | undefined,
): number | undefined {
  if (stamp && clock && frame.rtpTimestamp !== undefined) {
    const sinceStamp = ((frame.rtpTimestamp - stamp.rtpTimestamp) | 0) / RTP_TICKS_PER_MS; // timestamps wrap at 32 bits
    const capturedAt = stamp.captureTimestamp + (stamp.senderCaptureTimeOffset ?? 0) - NTP_TO_UNIX_MS + sinceStamp;
    return Math.max(0, frame.displayedAt - (capturedAt + clock.offsetMs));
  }
  return frame.capturedAt === undefined ? undefined : Math.max(0, frame.displayedAt - frame.capturedAt);
}
