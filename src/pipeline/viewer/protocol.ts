import type { ErrorCode, VideoCodec } from "../../core/index.js";
import type { PixelFormat, PointerPosition, PointerShapeHeader } from "../../media/index.js";

/** What the viewer process is to do with the stream. */
export interface ViewerRequest {
  /** Show a window; absent: none. */
  readonly window?: { readonly title: string; readonly fullscreen: boolean };
  /** Record to this file. */
  readonly record?: string;
  /** Write the first picture to this file. */
  readonly snapshot?: string;
  /** Write raw pictures to this file, `-` for standard output. */
  readonly frames?: string;
}

/** A frame's facts as they travel to the viewer process; its bytes are the message's payload. */
export interface FrameHeader {
  readonly codec: VideoCodec;
  readonly keyframe: boolean;
  /** µs since the Unix epoch in this machine's clock. */
  readonly captureTime: number;
  /** Whether `captureTime` comes from the sender, so that latency can be told from it. */
  readonly captureTimeKnown: boolean;
  readonly rtpTimestamp?: number;
}

/** How showing went during the last second. */
export interface ViewerStatistics {
  readonly shown: number;
  /** Capture to shown, median, in ms; absent if nothing was shown or the capture times are not known. */
  readonly glassToGlassMs?: number;
  /** A frame's arrival in the process to its showing, median, in ms; absent if nothing was shown. */
  readonly decodeMs?: number;
}

/** A decoded picture's facts; its packed planes, one after the other, are the message's payload. */
export interface PictureHeader {
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
  readonly planeBytes: readonly number[];
  readonly strides: readonly number[];
  readonly captureTime: number;
  readonly rtpTimestamp?: number;
}

/** What a viewer process is told: the messages' types and bodies. */
export interface ToViewer {
  readonly open: ViewerRequest;
  readonly frame: FrameHeader;
  /** The payload is a message of the still layer. */
  readonly still: undefined;
  /** Another stream comes: what was still is not. */
  readonly "stills-reset": undefined;
  /** Lines for the overlay. */
  readonly figures: { readonly lines: readonly string[] };
  /** A line shown over the last picture while the stream is away; empty: none. */
  readonly notice: { readonly text: string };
  /** A shape of the sender's mouse pointer; the payload is its pixels as {@link PointerShapeHeader} says. */
  readonly "pointer-shape": PointerShapeHeader;
  /** Where the sender's mouse pointer is; absent: it is part of the picture, or there is none. */
  readonly pointer: { readonly position?: PointerPosition };
  /** Whether decoded pictures are wanted back. */
  readonly deliver: { readonly on: boolean };
  readonly snapshot: { readonly file: string };
  readonly close: undefined;
}

/** What a viewer process tells: the messages' types and bodies. */
export interface FromViewer {
  readonly opened: { readonly window: "x11" | "sdl" | "none" };
  readonly "first-picture": { readonly width: number; readonly height: number };
  readonly statistics: ViewerStatistics;
  readonly picture: PictureHeader;
  /** The decoder lost its footing. */
  readonly "keyframe-needed": undefined;
  /** All still tiles must be sent anew. */
  readonly "stills-needed": undefined;
  readonly "snapshot-written": { readonly file: string };
  readonly "snapshot-failed": { readonly file: string; readonly code: ErrorCode; readonly message: string };
  /** The user closed the window, or all that was asked is done. */
  readonly quit: undefined;
  /** It cannot go on, and starting it again would not help. */
  readonly failed: { readonly code: ErrorCode; readonly message: string };
}
