import type { ShareEvent, ShareTarget, TargetStatistics } from "./share-types.js";
import type { SharedStream } from "./streams/shared-stream.js";

/** What an output tells the share that it belongs to. */
export interface OutputHandlers {
  /** Something happened that a person should know. */
  event(event: ShareEvent): void;
}

/** One destination of a share, named by the user: takes encoded frames, knows how to get them there. */
export interface ShareOutput {
  readonly target: ShareTarget;
  /** Begins to send a stream. */
  carry(stream: SharedStream): void;
  statistics(): TargetStatistics;
  /** Says goodbye and frees the socket. */
  close(): Promise<void>;
}
