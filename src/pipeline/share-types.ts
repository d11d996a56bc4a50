import type { ErrorCode } from "../core/index.js";
import type { SourceInfo } from "../media/index.js";

/** What `share` can be asked. */
export interface ShareOptions {
  /**
   * `screen`, `screen:N`, `screen:X,Y,WxH`, `window:TITLE`, `camera`, `camera:NAME`, `test`, or a file or URL.
   * Left out: the screen if there is a display, else the first camera, else the test pattern.
   */
  readonly source?: string;
  /** Where to send: `HOST:PORT` (RTP; unicast or a multicast group) or `jpeg://HOST:PORT`. Left out: 127.0.0.1:5004. */
  readonly to?: readonly string[];
  /** Write a session description (RFC 8866) of the first RTP target to this file, for ffplay, VLC or GStreamer. */
  readonly sdpFile?: string;
  /** The most frames a second (default 30). */
  readonly fps?: number;
  /** Scale to this size, in pixels. */
  readonly size?: { readonly width: number; readonly height: number };
  /** The most that video may take, in bits/s. Left out: by profile. */
  readonly bitrateBps?: number;
  /** Default h264. */
  readonly codec?: "h264" | "mjpeg";
  /** What the encoder favours: sharp text or smooth motion. Left out: by the source. */
  readonly profile?: "screen" | "camera";
  /** An FFmpeg encoder by name, such as `h264_nvenc`. Left out: hardware where it works, else software. */
  readonly encoder?: string;
  /** Start a file again when it ends. */
  readonly loop?: boolean;
  /** How many routers multicast may cross (default 1). */
  readonly ttl?: number;
  /** Name or address of the network interface that multicast goes through. */
  readonly interface?: string;
  /** Draw the mouse pointer into the picture (default true). */
  readonly pointer?: boolean;
  /** Ends the sharing when aborted. */
  readonly signal?: AbortSignal;
  /** Told of everything that happens. */
  readonly onEvent?: (event: ShareEvent) => void;
}

/** One place that a share sends to. */
export interface ShareTarget {
  /** `rtp`: RTP over UDP; `jpeg`: one JPEG a datagram. */
  readonly protocol: "rtp" | "jpeg";
  /** `HOST:PORT`, resolved. */
  readonly address: string;
  readonly multicast: boolean;
}

/** How one target fares. */
export interface TargetStatistics {
  readonly address: string;
  readonly packetsSent: number;
  /** All that was sent, headers included, averaged over the last second. */
  readonly bitrateBps: number;
  /** What congestion control allows the encoder, in bits/s; absent where nothing controls it. */
  readonly targetBitrateBps?: number;
  /** Packets sent again because a receiver asked. */
  readonly packetsResent: number;
  /** Share of packets that the receiver last reported lost, 0 … 1; absent before a report. */
  readonly lossFraction?: number;
  /** Absent before it was measured. */
  readonly roundTripMs?: number;
  /** Whether a receiver's reports are coming in. */
  readonly answered: boolean;
}

/** How a share fares; the rates cover the last second. */
export interface ShareStatistics {
  /** Pictures captured a second. */
  readonly captureFps: number;
  /** Frames encoded a second. */
  readonly encodedFps: number;
  /** Encoded bits a second. */
  readonly encodedBitrateBps: number;
  /** Pictures dropped since the start because the encoder or the network was busy. */
  readonly framesDropped: number;
  /** Median time to encode a frame, conversion included, in ms. */
  readonly encodeMs: number;
  readonly targets: readonly TargetStatistics[];
}

/** How a share ended. */
export interface ShareEnd {
  /** `closed`: by the user; `source-ended`: a file came to its end; `failed`: see `error`. */
  readonly reason: "closed" | "source-ended" | "failed";
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** What happens to a share. Plain data; printed as it is by `--json`. */
export type ShareEvent =
  | {
      readonly kind: "started";
      readonly source: SourceInfo;
      readonly encoder: string;
      readonly width: number;
      readonly height: number;
      readonly targets: readonly ShareTarget[];
    }
  | ({ readonly kind: "statistics" } & ShareStatistics)
  | { readonly kind: "no-receiver"; readonly address: string }
  | { readonly kind: "receiver-appeared"; readonly address: string }
  | { readonly kind: "receiver-left"; readonly address: string }
  | { readonly kind: "encoder-restarted"; readonly reason: string }
  | { readonly kind: "warning"; readonly message: string }
  | ({ readonly kind: "ended" } & ShareEnd);

/** A running share. */
export interface Share {
  readonly source: SourceInfo;
  readonly targets: readonly ShareTarget[];
  /** Resolves when the share has ended and everything is closed; never rejects. */
  readonly ended: Promise<ShareEnd>;
  statistics(): ShareStatistics;
  /** Says goodbye to the receivers and frees everything. */
  close(): Promise<void>;
}
