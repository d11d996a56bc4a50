import type { DegradationPreference, ErrorCode } from "../core/index.js";
import type { SourceInfo } from "../media/index.js";

/** What `share` can be asked. */
export interface ShareOptions {
  /**
   * `screen`, `screen:N`, `screen:X,Y,WxH`, `window:TITLE`, `camera`, `camera:NAME`, `test`, or a file or URL; several of them
   * become several streams behind one link. Left out: the screen if there is a display, else the first camera, else the test
   * pattern.
   */
  readonly source?: string | readonly string[];
  /** What viewers and the network see as the stream's name. Left out: what the source is called. */
  readonly name?: string;
  /** Where to send: `HOST:PORT` (RTP; unicast or a multicast group) or `jpeg://HOST:PORT`. */
  readonly to?: readonly string[];
  /** Let viewers in by a link: browsers, and `watch`. Left out: yes, unless `to` is given. */
  readonly link?: boolean | LinkOptions;
  /**
   * Encrypt what `to` sends with this passphrase, of eight characters or more (SRTP); who watches gives it too. A link is
   * always encrypted.
   */
  readonly key?: string;
  /**
   * Write a session description (RFC 8866) of the first RTP target to this file, for ffplay, VLC or GStreamer. With `key` it
   * holds the stream's key.
   */
  readonly sdpFile?: string;
  /** The most frames a second (default 30). */
  readonly fps?: number;
  /** Scale to this size, in pixels. */
  readonly size?: { readonly width: number; readonly height: number };
  /** The most that video may take, in bits/s. Left out: by profile. */
  readonly bitrateBps?: number;
  /** Default h264. A link needs h264. */
  readonly codec?: "h264" | "mjpeg";
  /** What the encoder favours: sharp text or smooth motion. Left out: by the source. */
  readonly profile?: "screen" | "camera";
  /**
   * What gives way when the path carries too little for the picture: `fps`, then size; `size`, then frames a second; `off`:
   * neither, it gets coarser only. Left out: `fps` for the profile `screen`, `size` for `camera`.
   */
  readonly degradation?: DegradationPreference;
  /** An FFmpeg encoder by name, such as `h264_nvenc`. Left out: hardware where it works, else software. */
  readonly encoder?: string;
  /** Start a file again when it ends. */
  readonly loop?: boolean;
  /** How many routers multicast may cross (default 1). */
  readonly ttl?: number;
  /** Name or address of the network interface that multicast goes through. */
  readonly interface?: string;
  /** Send what is still on a screen once more without loss, for viewers that can show it (default true). */
  readonly still?: boolean;
  /**
   * What becomes of a screen's mouse pointer. `stream` (default): viewers draw it themselves, at once and without a change of
   * the picture; painted into it while there is a viewer that cannot. `burn`: painted. `off`: left out.
   */
  readonly pointer?: "stream" | "burn" | "off";
  /** Ends the sharing when aborted. */
  readonly signal?: AbortSignal;
  /** Told of everything that happens. */
  readonly onEvent?: (event: ShareEvent) => void;
}

/** How a link lets viewers in. */
export interface LinkOptions {
  /** TCP port. Left out: 8080, or the next one that is free. */
  readonly port?: number;
  /**
   * `token` (default): whoever has the link, which carries an unguessable token; `pin`: whoever types six digits; `open`:
   * everybody on the network.
   */
  readonly access?: "token" | "pin" | "open";
  /**
   * With access `token`: draw another token even if a share ran on this port within the last hour. Left out, such a share's link
   * stays valid, so that open pages go on after a restart.
   */
  readonly newLink?: boolean;
  /** With access `pin`: the six digits. Left out: drawn by lot. */
  readonly pin?: string;
  /** Serve HTTPS: with a certificate chain and its key (PEM), or with a certificate of our own. Left out: HTTP. */
  readonly tls?: "self-signed" | { readonly certificate: string; readonly key: string };
  /** Viewers at once (default 100). */
  readonly maxViewers?: number;
  /** Tell the local network of the stream (DNS-SD), so that `watch` finds it (default true). Never tells the token. */
  readonly announce?: boolean;
}

/** A link that lets viewers in. */
export interface LinkInfo {
  /** The link under each of this machine's addresses, the one most likely to be reached by others first, localhost last. */
  readonly urls: readonly string[];
  readonly port: number;
  readonly access: "token" | "pin" | "open";
  /** With access `pin`: the six digits. */
  readonly pin?: string;
  /** With a certificate of our own: its SHA-256, as browsers show it. */
  readonly certificateFingerprint?: string;
}

/** One source that is shared. */
export interface StreamInfo {
  /** Names it in the link's URLs. */
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  readonly source: SourceInfo;
}

/** One place that a share sends to. */
export interface ShareTarget {
  /** `rtp`: RTP over UDP; `jpeg`: one JPEG a datagram. */
  readonly protocol: "rtp" | "jpeg";
  /** `HOST:PORT`, resolved. */
  readonly address: string;
  readonly multicast: boolean;
  /** Only who has the key can watch. Absent: anyone who gets the packets. */
  readonly encrypted?: boolean;
}

/** How one path fares. */
export interface PathStatistics {
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
}

/** How one target fares. */
export interface TargetStatistics extends PathStatistics {
  readonly address: string;
  /** Whether a receiver's reports are coming in. */
  readonly answered: boolean;
}

/** A viewer that came by the link. */
export interface ViewerInfo {
  /** Names the viewer in events; says nothing else. */
  readonly viewer: string;
  /** The stream's id. */
  readonly stream: string;
  /** Its address. */
  readonly remote: string;
  /** What program it says it is. */
  readonly userAgent?: string;
}

/** How one viewer that came by the link fares. */
export interface ViewerStatistics extends ViewerInfo, PathStatistics {
  /** Which encode it is sent: the top one, or the smaller one for paths that carry less. */
  readonly rung: "top" | "low";
}

/** How one stream is coded at present. */
export interface StreamStatistics {
  /** The stream's id. */
  readonly stream: string;
  /** In pixels, as most viewers get it. Smaller than in full while a path carries too little for it. */
  readonly width: number;
  readonly height: number;
  /** The most frames a second. Fewer than the source has while a path carries too little for them. */
  readonly maxFps: number;
}

/** How a share fares; the rates cover the last second. */
export interface ShareStatistics {
  /** Pictures captured a second, of all streams. */
  readonly captureFps: number;
  /** Frames encoded a second, of all encodings. */
  readonly encodedFps: number;
  /** Encoded bits a second, of all encodings. */
  readonly encodedBitrateBps: number;
  /** Pictures dropped since the start because the encoder or the network was busy. */
  readonly framesDropped: number;
  /** Median time to encode a frame, conversion included, in ms; of the stream that takes longest. */
  readonly encodeMs: number;
  readonly streams: readonly StreamStatistics[];
  readonly targets: readonly TargetStatistics[];
  readonly viewers: readonly ViewerStatistics[];
}

/** How a share ended. */
export interface ShareEnd {
  /** `closed`: by the user; `source-ended`: a file came to its end; `failed`: see `error`. */
  readonly reason: "closed" | "source-ended" | "failed";
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** What happens to a share. Plain data; printed as it is by `--json`. */
export type ShareEvent =
  /** Once a stream. */
  | {
      readonly kind: "started";
      /** The stream's id. */
      readonly stream: string;
      readonly source: SourceInfo;
      readonly encoder: string;
      readonly width: number;
      readonly height: number;
      readonly targets: readonly ShareTarget[];
    }
  | ({ readonly kind: "link" } & LinkInfo)
  | ({ readonly kind: "viewer-joined" } & ViewerInfo)
  | ({ readonly kind: "viewer-left" } & ViewerInfo)
  | ({ readonly kind: "statistics" } & ShareStatistics)
  | { readonly kind: "no-receiver"; readonly address: string }
  | { readonly kind: "receiver-appeared"; readonly address: string }
  | { readonly kind: "receiver-left"; readonly address: string }
  | { readonly kind: "encoder-restarted"; readonly reason: string }
  | { readonly kind: "warning"; readonly message: string }
  | ({ readonly kind: "ended" } & ShareEnd);

/** A running share. */
export interface Share {
  /** The source, or the first of several. */
  readonly source: SourceInfo;
  /** All that is shared, in the order that was asked for. */
  readonly streams: readonly StreamInfo[];
  readonly targets: readonly ShareTarget[];
  /** How to get in by the link, if there is one. */
  readonly link: LinkInfo | undefined;
  /** Resolves when the share has ended and everything is closed; never rejects. */
  readonly ended: Promise<ShareEnd>;
  statistics(): ShareStatistics;
  /** Says goodbye to the receivers and frees everything. */
  close(): Promise<void>;
}
