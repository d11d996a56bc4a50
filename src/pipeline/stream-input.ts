import type { ViewerFrame } from "./viewer/viewer-process.js";
import type { WatchEvent } from "./watch-types.js";

/** What an input tells the watch it belongs to. */
export interface InputHandlers {
  /** A frame came, in decoding order. */
  frame(frame: ViewerFrame): void;
  event(event: WatchEvent): void;
}

/** How receiving went; rates over the last second. */
export interface InputStatistics {
  readonly bitrateBps: number;
  readonly framesReceived: number;
  readonly framesLost: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly packetsRepaired: number;
  readonly roundTripMs?: number;
  readonly jitterMs: number;
}

/** Where a watch gets its frames from. */
export interface StreamInput {
  /** Where it listens, for a person. */
  readonly address: string;
  /** What is wrong with the socket, if anything. */
  readonly warning: string | undefined;
  /** Decoding can only go on with a keyframe. */
  requestKeyframe(): void;
  statistics(): InputStatistics;
  close(): Promise<void>;
}
