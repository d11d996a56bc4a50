import type {
  DegradationLevel,
  ErrorCode,
  PixelRectangle,
  PixelSize,
  StillCodec,
  VideoCodec,
} from "../../core/index.js";
import type { ChromaSampling, EncodingProfile } from "../encoder.js";
import type { Size } from "../picture.js";
import type { PointerMode } from "../sources/pointer-tracker.js";
import type { SourceInfo } from "../sources/source.js";

/** One way that the source's pictures are to be encoded. */
export interface EncodingRequest {
  /** The caller's name for it; comes back with every frame. */
  readonly id: string;
  readonly codec: VideoCodec;
  /** FFmpeg's name of an encoder, or `hardware` for the first that works; absent: the default one. */
  readonly encoder?: string;
  readonly bitrateBps: number;
  /** JPEG only: no frame is larger. */
  readonly maxFrameBytes?: number;
  /** The picture is scaled down to fit into this. */
  readonly size?: Size;
  /** Default: what suits the source. */
  readonly profile?: EncodingProfile;
  /** How finely colour is sampled (default 4:2:0, which everything decodes); 4:4:4 is for H.264 in software alone. */
  readonly chroma?: ChromaSampling;
  /** Fewer and smaller pictures than could be (default: all of them in full). */
  readonly level?: DegradationLevel;
  /** It waits until the others' frames have left, and takes one thread: it is for viewers whose paths are slow anyway. */
  readonly isBackground?: boolean;
}

/** What a media process is to capture and encode. */
export interface OpenRequest {
  /** As a person writes it; see `parseSourceSpec`. */
  readonly source: string;
  readonly fps: number;
  /** Asked of cameras and the test pattern; everything else is scaled down to fit into it. */
  readonly size?: Size;
  readonly loop?: boolean;
  /** Default `burn`. */
  readonly pointer?: PointerMode;
  /** Pointer shapes are numbered from here on (default 1). */
  readonly firstShapeId?: number;
  /** What is opened with the source; more can come and go at run time. */
  readonly encodings: readonly EncodingRequest[];
}

/** An encoding as it was opened. */
export interface EncodingInfo {
  readonly id: string;
  readonly encoderName: string;
  readonly width: number;
  readonly height: number;
  readonly chroma: ChromaSampling;
}

/** What a media process works on. Sent again when a window changes its size. */
export interface OpenedInfo {
  readonly source: SourceInfo;
  readonly encodings: readonly EncodingInfo[];
}

/** Median and 95th percentile of the last second, in ms. Zero if there was nothing to measure. */
export interface Spread {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** How a media process fared in the last second. */
export interface MediaStatistics {
  /** Pictures the source delivered. */
  readonly framesCaptured: number;
  /** Frames encoded, of all encodings. */
  readonly framesEncoded: number;
  /** Pictures not encoded because the link to the parent was behind. */
  readonly framesDropped: number;
  /** From the capture time to the picture's arrival. */
  readonly capture: Spread;
  /** From then until the first encoding could begin. */
  readonly convert: Spread;
  readonly encode: Spread;
}

/** The header of a `frame` message, whose payload is the frame's data. */
export interface FrameHeader {
  readonly encoding: string;
  readonly codec: VideoCodec;
  readonly keyframe: boolean;
  /** µs since the Unix epoch. */
  readonly captureTime: number;
}

/** The header of a `tiles-changed` message, whose payload is the set of tiles (`writeTileSet`). */
export interface TilesChangedHeader {
  readonly picture: PixelSize;
  /** µs since the Unix epoch: of the picture that changed. */
  readonly captureTime: number;
}

/** The header of a `still` message, whose payload is the image. */
export interface StillHeader {
  readonly picture: PixelSize;
  /** µs since the Unix epoch: of the newest picture in which the pixels were the same. */
  readonly asOf: number;
  readonly rectangle: PixelRectangle;
  readonly codec: StillCodec;
}

/** Where the mouse pointer is. */
export interface PointerPosition {
  /** Of its hot spot, in pixels from the picture's left edge; may lie outside of the picture. */
  readonly x: number;
  /** In pixels from the picture's top edge. */
  readonly y: number;
  /** Whether any of it is to be seen. */
  readonly visible: boolean;
  /** The shape that was told under this id. */
  readonly shapeId: number;
}

/** The header of a `pointer-shape` message. Its payload: red, green, blue, alpha of each pixel, not multiplied by alpha. */
export interface PointerShapeHeader {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** The pixel that lies at the pointer's position. */
  readonly hotspotX: number;
  readonly hotspotY: number;
}

/** How a keyframe is wanted. */
export interface KeyframeRequest {
  /** So often a still picture is encoded again after it, at little less than the source's frame rate. */
  readonly repeats: number;
  /** A screen's keyframe takes no more, and each frame that sharpens it half of that. Absent: what the cap allows. */
  readonly mostBytes?: number;
}

/** What a media process is told: the messages' types and bodies. */
export interface ToMediaProcess {
  readonly open: OpenRequest;
  /** Replaces an encoding of the same id. Answered by `encoding-opened` or `encoding-failed`. */
  readonly "open-encoding": EncodingRequest;
  /** Answered by `encoding-closed`. */
  readonly "close-encoding": { readonly encoding: string };
  readonly keyframe: KeyframeRequest & { readonly encoding: string };
  readonly bitrate: { readonly encoding: string; readonly bitrateBps: number };
  /** Fewer or smaller pictures. A change of size opens the encoding anew: `encoding-opened`, then a keyframe. */
  readonly degrade: { readonly encoding: string; readonly level: DegradationLevel };
  /** While `on`, the network is behind: pictures wait unencoded, and the newest goes out when it is over. */
  readonly hold: { readonly encoding: string; readonly on: boolean };
  /** Whether to watch for still tiles: `tiles-changed` and `still` tell of them, all of them at first. */
  readonly stills: { readonly on: boolean };
  readonly "pointer-mode": { readonly mode: PointerMode };
  readonly close: undefined;
}

/** What a media process tells: the messages' types and bodies. */
export interface FromMediaProcess {
  readonly opened: OpenedInfo;
  readonly "encoding-opened": EncodingInfo;
  readonly "encoding-closed": { readonly encoding: string };
  /** It could not be opened; the others go on. */
  readonly "encoding-failed": { readonly encoding: string; readonly code: ErrorCode; readonly message: string };
  readonly frame: FrameHeader;
  /** Comes before the frame that shows the change. */
  readonly "tiles-changed": TilesChangedHeader;
  readonly still: StillHeader;
  /** While the pointer is streamed: whenever it moved, and first of all. */
  readonly pointer: PointerPosition;
  /** Comes before the first position that has this shape. */
  readonly "pointer-shape": PointerShapeHeader;
  readonly statistics: MediaStatistics;
  /** It cannot go on, and starting it again would not help. */
  readonly failed: { readonly code: ErrorCode; readonly message: string };
  /** The source has ended, or `close` is done. */
  readonly ended: undefined;
}
