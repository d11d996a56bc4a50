import type { Micros } from "../../core/index.js";
import type { ChangedRows, Picture, Size } from "../picture.js";
import type { PointerMode, PointerReport } from "./pointer-tracker.js";

/** Where pictures can come from. */
export type SourceKind = "screen" | "window" | "camera" | "file" | "test";

/** What a source turned out to be once it was opened. */
export interface SourceInfo {
  readonly kind: SourceKind;
  /** For a person: "screen 0", a window's title, the camera's name, the file's name. */
  readonly name: string;
  /** Of the first picture, in pixels. Later pictures may differ (a window that is resized). */
  readonly width: number;
  /** Of the first picture, in pixels. */
  readonly height: number;
  /** The most pictures a second that {@link VideoSource.next} delivers. */
  readonly fps: number;
  /**
   * `screen`: sharp, mostly still pictures that come only when something changed;
   * `camera`: every picture differs everywhere. Chooses the encoder's settings.
   */
  readonly content: "screen" | "camera";
}

/** One picture of a source. */
export interface CapturedPicture {
  /** Its memory is valid until the next call of {@link VideoSource.next}. */
  readonly picture: Picture;
  /** What differs from the picture that this source delivered before; `"all"` for the first and after a change of size. */
  readonly changed: ChangedRows;
  readonly captureTime: Micros;
}

/** A running camera, screen, window, file or test pattern. */
export interface VideoSource {
  readonly info: SourceInfo;
  /**
   * Resolves with the newest picture once one is due (at most {@link SourceInfo.fps} a second) and something changed.
   * A still screen may keep it waiting for ever; {@link close} then makes it resolve with undefined.
   *
   * @returns undefined when the source has ended (a file without looping) or was closed
   * @throws SightlineError `source-lost` when the source went away: a camera unplugged, a window closed
   */
  next(): Promise<CapturedPicture | undefined>;
  /**
   * While `on`, nobody wants pictures: a source that can stops capturing, and {@link next} waits. Afterwards it delivers what
   * changed meanwhile.
   */
  rest?(on: boolean): void;
  /** Changes what becomes of the pointer; absent where that is fixed. */
  setPointerMode?(mode: PointerMode): void;
  /** Frees the device. A pending {@link next} resolves with undefined. Resolves even if the device hangs. */
  close(): Promise<void>;
}

/** What can be asked of a source. */
export interface SourceOptions {
  /** The most pictures a second. */
  readonly fps: number;
  /** A camera's or test pattern's picture size. Screens and files deliver their own; the encoder scales. */
  readonly size?: Size;
  /** Start a file again when it ends. */
  readonly loop?: boolean;
  /** What becomes of a screen's or window's pointer (default `burn`). Where only X11 could `stream` it, it is painted. */
  readonly pointer?: PointerMode;
  /** Told where the pointer is while it is streamed. */
  readonly onPointer?: (report: PointerReport) => void;
}
