import type { ErrorCode, SkippedFrames, VideoCodec } from "../core/index.js";
import type { PixelFormat } from "../media/index.js";

/** What `watch` can be asked. */
export interface WatchOptions {
  /** Show a window (default true). */
  readonly window?: boolean;
  /** Start in full screen. */
  readonly fullscreen?: boolean;
  /** The window's title. */
  readonly title?: string;
  /** Write the stream to this file as it came (`.mkv` or `.mp4`), without encoding again. */
  readonly record?: string;
  /** Write the first picture to this PNG file. Without a window or another output, watching then ends. */
  readonly snapshot?: string;
  /** Write raw pictures (packed planes, one after the other) to this file, or to standard output if `-`. */
  readonly frames?: string;
  /** Name or address of the network interface that a multicast group is joined on. */
  readonly interface?: string;
  /** The passphrase of an encrypted stream; streams without it are not shown then. */
  readonly key?: string;
  /** Hear only this sender of a multicast group (source-specific multicast). */
  readonly source?: string;
  /** Of several streams behind a link, this one: its id or name. Left out: the first. */
  readonly stream?: string;
  /** For a link that asks for six digits. */
  readonly pin?: string;
  /** Take any TLS certificate behind a link. Only for one that you know to be who it says. */
  readonly insecure?: boolean;
  /** Ends the watching when aborted. */
  readonly signal?: AbortSignal;
  /** Told of everything that happens. */
  readonly onEvent?: (event: WatchEvent) => void;
}

/** One decoded picture. */
export interface VideoFrame {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  readonly format: PixelFormat;
  /** One array a plane, rows packed without gaps: `strides[i]` bytes a row. The memory is yours. */
  readonly planes: readonly Uint8Array[];
  /** Bytes a row, one number a plane. */
  readonly strides: readonly number[];
  /** When the sender captured it: µs since the Unix epoch in this machine's clock, estimated. */
  readonly captureTime: number;
  /** The RTP timestamp, 90 kHz; absent for `jpeg://`. */
  readonly rtpTimestamp?: number;
}

/** How a watch fares; the rates cover the last second. */
export interface WatchStatistics {
  /** Pictures shown a second. */
  readonly shownFps: number;
  /** Bits received a second, headers included. */
  readonly bitrateBps: number;
  readonly framesReceived: number;
  /** Frames that could not be shown: lost for good, or waiting for a keyframe. */
  readonly framesLost: number;
  /** Why; together they are `framesLost`. Absent for `jpeg://`. */
  readonly framesSkipped?: SkippedFrames;
  /** Frames that had to wait for a repair, their own or that of a frame before. Absent for `jpeg://`. */
  readonly framesHeld?: number;
  /** The longest that a frame stayed in the receiver lately, from its first packet on. Absent for `jpeg://`. */
  readonly playoutDepthMs?: number;
  readonly packetsReceived: number;
  /** Packets that never came, after repair. */
  readonly packetsLost: number;
  /** Packets that came only because they were asked for again. */
  readonly packetsRepaired: number;
  /** Absent before it was measured. */
  readonly roundTripMs?: number;
  readonly jitterMs: number;
  /** Capture to shown, median of the last second; absent where the sender does not tell its capture times. */
  readonly glassToGlassMs?: number;
  /** Median time to decode and show a picture, in ms. */
  readonly decodeMs: number;
}

/** How a watch ended. */
export interface WatchEnd {
  /** `closed`: by the user (`q`, Esc, the window, Ctrl-C); `failed`: see `error`. */
  readonly reason: "closed" | "failed";
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** What happens to a watch. Plain data; printed as it is by `--json`. */
export type WatchEvent =
  | { readonly kind: "listening"; readonly address: string; readonly window: "x11" | "sdl" | "none" }
  | { readonly kind: "stream-started"; readonly remote: string; readonly codec: VideoCodec }
  | { readonly kind: "first-picture"; readonly width: number; readonly height: number; readonly afterMs: number }
  | ({ readonly kind: "statistics" } & WatchStatistics)
  /** A stream comes that cannot be shown, because of `WatchOptions.key`. */
  | {
      readonly kind: "stream-refused";
      readonly remote: string;
      readonly reason: "no-key" | "wrong-key" | "not-encrypted";
    }
  | { readonly kind: "stream-silent" }
  | { readonly kind: "stream-resumed" }
  | { readonly kind: "stream-ended" }
  | { readonly kind: "snapshot"; readonly file: string }
  | { readonly kind: "viewer-restarted"; readonly reason: string }
  | { readonly kind: "warning"; readonly message: string }
  | ({ readonly kind: "ended" } & WatchEnd);

/** A running watch. */
export interface Watch {
  /** Resolves when the watch has ended and everything is closed; never rejects. */
  readonly ended: Promise<WatchEnd>;
  statistics(): WatchStatistics;
  /**
   * The decoded pictures, from now on. Latest picture first: what the loop is too slow for is left out. Ends when the
   * watch ends.
   */
  frames(): AsyncIterable<VideoFrame>;
  /**
   * Writes the picture shown now, or the first one that comes, to a PNG file.
   *
   * @throws SightlineError `source-lost` if watching ends before, or why the file cannot be written
   */
  snapshot(file: string): Promise<void>;
  /** Frees everything; files are finished. */
  close(): Promise<void>;
}
