import { type Frame, SoftwareScaleContext } from "node-av/lib";
import { check, setOption } from "./library.js";

/**
 * How samples are interpolated.
 *
 * - `point`: none; for changes of format alone
 * - `area`: averages; for shrinking
 * - `bicubic`: for enlarging
 */
export type Interpolation = "point" | "area" | "bicubic";

const SWS_FLAGS: Record<Interpolation, string> = { point: "neighbor", area: "area", bicubic: "bicubic" };

/** The interpolation that suits a change of size. */
export function interpolationFor(
  from: { width: number; height: number },
  to: { width: number; height: number },
): Interpolation {
  if (from.width === to.width && from.height === to.height) return "point";
  return to.width <= from.width && to.height <= from.height ? "area" : "bicubic";
}

/** Converts size, format and colours between two frames that say what they are. Keep one for each pair of layouts. */
export class ScaleContext {
  private readonly context = new SoftwareScaleContext();

  constructor(interpolation: Interpolation) {
    // Without explicit sizes swscale follows the frames' own labels; that is the one way to its BT.709 matrix here.
    this.context.allocContext();
    setOption(this.context, "sws_flags", SWS_FLAGS[interpolation]);
  }

  /** Fills `to`, which is allocated and labelled, from `from`. */
  scale(from: Frame, to: Frame): void {
    check(this.context.scaleFrameSync(to, from), "FFmpeg cannot convert the picture");
  }

  /** Frees the context. */
  close(): void {
    this.context.freeContext();
  }
}
