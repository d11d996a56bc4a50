import type { EncodedFrame } from "../core/index.js";
import type { ShareEvent, ShareTarget, TargetStatistics } from "./share-types.js";

/** Which of the media process's encodings an output carries. */
export type EncodingId = "rtp" | "jpeg-datagram";

/** What an output asks of the share it belongs to. */
export interface OutputHandlers {
  /** The next frame should be a keyframe; a still picture should be encoded `repeats` (default 0) times more after it. */
  keyframeWanted(repeats?: number): void;
  /** The path carries this much, in bits/s. */
  targetBitrate(bitrateBps: number): void;
  /** Whether frames wait to be sent for so long that no more should come. */
  congested(on: boolean): void;
  /** Something happened that a person should know. */
  event(event: ShareEvent): void;
}

/** One destination of a share: takes encoded frames, knows how to get them there. */
export interface ShareOutput {
  readonly target: ShareTarget;
  readonly encoding: EncodingId;
  /** Sends a frame of its encoding. */
  send(frame: EncodedFrame): void;
  statistics(): TargetStatistics;
  /** Says goodbye and frees the socket. */
  close(): Promise<void>;
}
