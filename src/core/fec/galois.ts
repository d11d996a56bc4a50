/**
 * Arithmetic in GF(2⁸), the field of Reed-Solomon codes over bytes: addition is XOR, multiplication that of polynomials
 * modulo x⁸ + x⁴ + x³ + x² + 1 (0x11d), of which x is a primitive element. The same field as in RFC 5510 §8.1.
 */

const POLYNOMIAL = 0x11d;
const ORDER = 255;

/** x to the power of the index, twice over so that sums of logarithms need no reduction. */
const POWERS = new Uint8Array(2 * ORDER);
const LOGARITHMS = new Uint8Array(256);
for (let exponent = 0, power = 1; exponent < ORDER; exponent++) {
  POWERS[exponent] = power;
  POWERS[exponent + ORDER] = power;
  LOGARITHMS[power] = exponent;
  power <<= 1;
  if (power > 0xff) power ^= POLYNOMIAL;
}

/** The product of two elements, each 0 … 255. */
export function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : POWERS[LOGARITHMS[a]! + LOGARITHMS[b]!]!;
}

/** The element whose product with `a` is 1; `a` is 1 … 255. */
export function inverse(a: number): number {
  return POWERS[ORDER - LOGARITHMS[a]!]!;
}

/** All products: the one of a and b at 256·a + b, so that the 256 bytes from 256·a multiply by a. */
export const PRODUCTS: Readonly<Uint8Array> = new Uint8Array(256 * 256).map((_, i) => multiply(i >> 8, i & 0xff));

/**
 * Products by halves: for each a, at 32·a, the 16 products with 0 … 15, then the 16 with 0, 16, … 240. The product with any
 * byte is the XOR of two of them, one for each nibble, which is what SIMD instructions look up 16 bytes at a time.
 */
export function nibbleTable(): Uint8Array {
  const table = new Uint8Array(256 * 32);
  for (let a = 0; a < 256; a++) {
    for (let nibble = 0; nibble < 16; nibble++) {
      table[32 * a + nibble] = multiply(a, nibble);
      table[32 * a + 16 + nibble] = multiply(a, nibble << 4);
    }
  }
  return table;
}
