/**
 * How the samples of a picture lie in memory.
 *
 * - `bgrx`: one plane, four bytes a pixel in the order blue, green, red, unused (what X11 and most screens deliver)
 * - `rgb24`: one plane, three bytes a pixel in the order red, green, blue
 * - `yuv420p`: planes Y, Cb, Cr; chroma halved both ways
 * - `yuv422p`: planes Y, Cb, Cr; chroma halved across
 * - `yuv444p`: planes Y, Cb, Cr; full chroma
 * - `nv12`: planes Y and interleaved CbCr; chroma halved both ways
 * - `yuyv422`: one plane, Y0 Cb Y1 Cr (what uncompressed cameras deliver)
 */
export type PixelFormat = "bgrx" | "rgb24" | "yuv420p" | "yuv422p" | "yuv444p" | "nv12" | "yuyv422";

/** How the samples of a YCbCr picture stand for colours. */
export interface ColorDescription {
  /** The matrix between RGB and YCbCr: ITU-R BT.601 or BT.709. */
  readonly matrix: "bt601" | "bt709";
  /** `limited`: luma 16 … 235, chroma 16 … 240; `full`: 0 … 255. */
  readonly range: "limited" | "full";
}

/** What everything in Sightline encodes unless a source says otherwise. */
export const BT709_LIMITED: ColorDescription = { matrix: "bt709", range: "limited" };

/**
 * One uncompressed picture in plain memory. The memory belongs to whoever made it and stays in place between pictures. Hold
 * the picture itself while its planes are used: it may be what keeps them.
 */
export interface Picture {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  readonly format: PixelFormat;
  /** One buffer a plane; each holds at least stride × rows bytes. */
  readonly planes: readonly Buffer[];
  /** Bytes from one row to the next, one number a plane. */
  readonly strides: readonly number[];
  /** For the YCbCr formats; absent means {@link BT709_LIMITED}. RGB is always full range. */
  readonly color?: ColorDescription;
}

/** Full-width rows of a picture. `y` is a multiple of 16, and so is `height` unless the band ends with the picture. */
export interface Band {
  /** The first row. */
  readonly y: number;
  /** In rows. */
  readonly height: number;
}

/** Rows in the smallest band: the height of an H.264 macroblock. */
export const BAND_ROWS = 16;

/** Which rows differ from the picture before. */
export type ChangedRows = readonly Band[] | "all";

/** A width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
