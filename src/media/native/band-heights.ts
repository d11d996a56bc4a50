import { BAND_ROWS, type Band } from "../picture.js";

/** The tallest piece: swscale's set-up per piece no longer shows at this height. */
const MAX_PIECE_ROWS = 256;

/**
 * Cuts bands into pieces of 16, 32, … 256 rows (and one of another height at the picture's end), so that a few scaling
 * contexts and intermediate pictures serve bands of every height.
 */
export function cutBands(bands: readonly Band[]): Band[] {
  const pieces: Band[] = [];
  for (const band of bands) {
    let y = band.y;
    let rest = band.height;
    while (rest > 0) {
      let height = rest;
      if (rest >= BAND_ROWS) {
        height = MAX_PIECE_ROWS;
        while (height > rest) height /= 2;
      }
      pieces.push({ y, height });
      y += height;
      rest -= height;
    }
  }
  return pieces;
}
