import { type Rng, uniform } from "../../../src/core/index.js";

/** A frame that a source wants to send. */
export interface SourceFrame {
  readonly bytes: number;
}

/** What is captured, as far as congestion control can tell: sizes of frames. */
export type SourceModel =
  /** A camera: every frame uses its part of the target, more or less. */
  | { readonly kind: "camera"; readonly fps: number }
  /** A screen coded to a quality: small changes, and now and then a page that flips, which costs more than any target. */
  | {
      readonly kind: "screen";
      readonly fps: number;
      readonly frameBytes: number;
      readonly flipBytes: number;
      readonly flipEveryMs: number;
    };

/** What the first picture costs. */
const KEYFRAME_BYTES = 60_000;
/** An encoder does not meet the target with each frame. */
const CAMERA_SPREAD = 0.2;
/** The largest frame of a screen: half a second of the target. */
const LARGEST_FLIP_SECONDS = 0.5;

/** The frame number `index` of a source, captured `atMs` after its start. */
export function nextFrame(
  source: SourceModel,
  { index, rng, targetBps }: { readonly index: number; readonly rng: Rng; readonly targetBps: number },
): SourceFrame {
  if (index === 0) return { bytes: KEYFRAME_BYTES };
  switch (source.kind) {
    case "camera": {
      const share = 1 + CAMERA_SPREAD * (2 * uniform(rng) - 1);
      return { bytes: Math.round((targetBps / 8 / source.fps) * share) };
    }
    case "screen": {
      const flipEvery = Math.max(Math.round((source.flipEveryMs * source.fps) / 1_000), 1);
      if (index % flipEvery !== 0)
        return { bytes: Math.min(source.frameBytes, Math.round(targetBps / 8 / source.fps)) };
      return { bytes: Math.min(source.flipBytes, Math.round((targetBps / 8) * LARGEST_FLIP_SECONDS)) };
    }
  }
}
