import type { Picture } from "../picture.js";

/** Rows of luma for one row of chroma. */
export function chromaRowShift(picture: Pick<Picture, "format">): number {
  return picture.format === "yuv420p" || picture.format === "nv12" ? 1 : 0;
}

/**
 * Copies rows between pictures of one format; only the columns that both have.
 *
 * @param height - in rows of luma; `fromY` and `toY` are even where chroma is halved
 */
export function copyRows(
  from: Picture,
  to: Picture,
  { fromY, toY, height }: { fromY: number; toY: number; height: number },
): void {
  for (let plane = 0; plane < from.planes.length; plane++) {
    const source = from.planes[plane] as Buffer;
    const target = to.planes[plane] as Buffer;
    const [fromStride, toStride] = [from.strides[plane] as number, to.strides[plane] as number];
    const shift = plane === 0 ? 0 : chromaRowShift(from);
    const rows = (height + (1 << shift) - 1) >> shift;
    const start = (fromY >> shift) * fromStride;
    if (fromStride === toStride) {
      source.copy(target, (toY >> shift) * toStride, start, start + rows * fromStride);
      continue;
    }
    const length = Math.min(fromStride, toStride);
    for (let row = 0; row < rows; row++) {
      const at = start + row * fromStride;
      source.copy(target, ((toY >> shift) + row) * toStride, at, at + length);
    }
  }
}
