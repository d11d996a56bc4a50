import type { StillFrames } from "../connection/still-frames.js";
import type { ViewerChannels } from "../whep.js";

/** What a still layer works with. */
export interface StillLayerParts {
  /** Lies exactly over the video, transparent where nothing is drawn. Its bitmap is kept at the size of the video's frames. */
  readonly canvas: HTMLCanvasElement;
  /** The channels of the session whose frames are shown. */
  readonly channels: ViewerChannels;
  /** Its stream of still tiles. */
  readonly stillFrames: StillFrames | undefined;
}

/** A frame that the browser puts on the screen now. */
export interface ShownPicture {
  /** In units of 1/90,000 s; undefined if the browser does not tell. */
  readonly rtpTimestamp: number | undefined;
  readonly width: number;
  readonly height: number;
}

/** Draws what came losslessly over the video: still parts of the picture, and the pointer. */
export interface StillLayer {
  /** Called in the same turn as the frame is put on the screen: what is drawn now appears with it. */
  frameShown(picture: ShownPicture): void;
  /** Ends it; the canvas is left as it is. */
  close(): void;
}

/** Makes the still layer of a session. */
export type OpenStillLayer = (parts: StillLayerParts) => StillLayer;
