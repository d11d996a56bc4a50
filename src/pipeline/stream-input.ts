import type { ViewerFrame } from "./viewer/viewer-process.js";
import type { WatchEvent, WatchStatistics } from "./watch-types.js";

/** What an input tells the watch it belongs to. */
export interface InputHandlers {
  /** A frame came, in decoding order. */
  frame(frame: ViewerFrame): void;
  /** A message of the still layer came: which tiles changed, or pixels of some. */
  still(message: Uint8Array): void;
  /** What came of the still layer before is not of the stream that comes now. */
  stillsReset(): void;
  event(event: WatchEvent): void;
}

/** What {@link WatchStatistics} tells of receiving; the rest is the viewer's. */
export type InputStatistics = Omit<WatchStatistics, "shownFps" | "glassToGlassMs" | "decodeMs">;

/** Where a watch gets its frames from. */
export interface StreamInput {
  /** Where it listens, for a person. */
  readonly address: string;
  /** What is wrong with the socket, if anything. */
  readonly warning: string | undefined;
  /** Decoding can only go on with a keyframe. */
  requestKeyframe(): void;
  /** All still tiles must come anew. */
  requestStills(): void;
  statistics(): InputStatistics;
  close(): Promise<void>;
}
