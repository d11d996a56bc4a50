import { inverse } from "./galois.js";

/** Rows and columns of the matrix: half of the field's elements name the one, half the other. */
export const CAUCHY_SIZE = 128;

/**
 * The element of the 128 × 128 Cauchy matrix over GF(2⁸) at a row and a column: 1 / (x + y) with x = `column` and
 * y = 128 + `row`. Every square submatrix can be inverted, so any n parities of the same data repair any n losses.
 * Rows and columns are taken modulo 128.
 */
export function cauchy(row: number, column: number): number {
  return inverse(CAUCHY_SIZE | ((row ^ column) & (CAUCHY_SIZE - 1)));
}
