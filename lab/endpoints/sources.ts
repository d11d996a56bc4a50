import { type Rng, uniform } from "sightline/core";

/** What is captured and how it is coded, as far as a network can tell: when frames come and how large they are. */
export type SourceModel = {
  readonly fps: number;
  /** From then on nothing changes: no frames but those that are asked for. */
  readonly stillFromMs?: number;
} & (
  | {
      /** Every frame has its size, whatever the target. */
      readonly kind: "constant";
      readonly frameBytes: number;
      readonly keyframeBytes: number;
    }
  | {
      /** A camera coded to the target: every frame has its part of it, more or less. */
      readonly kind: "camera";
    }
  | {
      /** A screen coded to a quality: small changes, and now and then a page that turns. */
      readonly kind: "screen";
      readonly frameBytes: number;
      readonly pageBytes: number;
      readonly pageEveryMs: number;
    }
  | {
      /** A page that scrolls, coded to a quality: some frames cost several times what the others do. */
      readonly kind: "scrolling";
      readonly frameBytes: number;
      readonly largeBytes: number;
      /** Part of the frames that are large: 0 … 1. */
      readonly largePart: number;
      readonly keyframeBytes: number;
    }
);

/** An encoder does not meet the target with each frame. */
const CAMERA_SPREAD = 0.2;
/** A keyframe of a camera has the size of so many other frames. */
const CAMERA_KEYFRAME = 5;
/** The largest frame of a screen: what the target carries in this time. */
const LARGEST_FRAME_SECONDS = 0.25;

/** The same for a page that scrolls: the encoder's buffer on a thin path. */
const VBV_SECONDS = 0.1;

/** The frame to be coded next. */
export interface FrameRequest {
  readonly index: number;
  readonly keyframe: boolean;
  readonly targetBps: number;
  readonly rng: Rng;
}

/** How many bytes the next frame of a source has. */
export function frameBytes(source: SourceModel, { index, keyframe, targetBps, rng }: FrameRequest): number {
  const share = targetBps / 8 / source.fps;
  switch (source.kind) {
    case "constant":
      return keyframe ? source.keyframeBytes : source.frameBytes;
    case "camera": {
      const spread = 1 + CAMERA_SPREAD * (2 * uniform(rng) - 1);
      return Math.round(share * spread * (keyframe ? CAMERA_KEYFRAME : 1));
    }
    case "screen": {
      const framesOfPage = Math.max(Math.round((source.pageEveryMs * source.fps) / 1_000), 1);
      const wanted = keyframe || index % framesOfPage === 0 ? source.pageBytes : source.frameBytes;
      return Math.round(Math.min(wanted, (targetBps / 8) * LARGEST_FRAME_SECONDS));
    }
    case "scrolling": {
      const { frameBytes: small, largeBytes, largePart, keyframeBytes } = source;
      // What exceeds the target is taken from all frames alike: the encoder makes them coarser.
      const coarser = Math.min(1, share / (small + largePart * (largeBytes - small)));
      const wanted = keyframe ? keyframeBytes : (uniform(rng) < largePart ? largeBytes : small) * coarser;
      return Math.round(Math.min(wanted, (targetBps / 8) * VBV_SECONDS));
    }
  }
}
