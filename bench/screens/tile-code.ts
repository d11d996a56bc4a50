/** Pixels on a side of a tile, as in the still layer. */
export const TILE = 64;
/** Vertical bars of a tile, dark or light: seven bits of a number and their parity. */
const BARS = 8;
const BAR_PIXELS = TILE / BARS;
const DARK = 40;
const LIGHT = 215;
/** What is nearer to the middle is no bar that anybody meant. */
const READABLE_CONTRAST = 40;
/** Numbers that a tile tells apart. */
export const NUMBERS = 1 << (BARS - 1);
/** The last rows of a tile have noise, so that no video shows them exactly. */
const NOISE_FROM_ROW = 48;
const NOISE = 20;

/**
 * Draws a tile that shows a number.
 *
 * @param pixels - BGRX rows of {@link TILE} pixels
 * @param firstRow - where the tile begins in them
 * @param noise - a number from 0 on, below 1
 */
export function drawTile(
  pixels: Buffer,
  firstRow: number,
  { number, rows, noise }: { readonly number: number; readonly rows: number; readonly noise: () => number },
): void {
  const bits = withParity(number % NUMBERS);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < TILE; x++) {
      const bar = (bits >> Math.floor(x / BAR_PIXELS)) & 1 ? LIGHT : DARK;
      const at = ((firstRow + y) * TILE + x) * 4;
      for (let channel = 0; channel < 3; channel++) {
        pixels[at + channel] = y < NOISE_FROM_ROW ? bar : bar + Math.floor((noise() - 0.5) * NOISE);
      }
    }
  }
}

/**
 * Reads the number of a tile, or undefined where none can be made out.
 *
 * @param pixels - BGRX
 * @param offset - of the tile's first pixel in a row that shows its bars
 */
export function readTile(pixels: Buffer, offset: number): number | undefined {
  let bits = 0;
  for (let bar = 0; bar < BARS; bar++) {
    const green = pixels[offset + (bar * BAR_PIXELS + BAR_PIXELS / 2) * 4 + 1] as number;
    if (Math.abs(green - (DARK + LIGHT) / 2) < READABLE_CONTRAST) return undefined;
    if (green > (DARK + LIGHT) / 2) bits |= 1 << bar;
  }
  const number = bits & (NUMBERS - 1);
  return withParity(number) === bits ? number : undefined;
}

function withParity(number: number): number {
  let parity = 1; // so that black is no number
  for (let rest = number; rest > 0; rest >>= 1) parity ^= rest & 1;
  return number | (parity << (BARS - 1));
}
