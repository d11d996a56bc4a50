/** One Huffman table as a DHT segment holds it (T.81 §B.2.4.2). */
export interface HuffmanTable {
  /** `class(4) destination(4)`: class 0 is DC, 1 is AC; destination 0 is for luminance, 1 for chrominance. */
  readonly id: number;
  /** The number of codes of each length, 1 to 16 bits, and then the values in order of their codes. */
  readonly data: Uint8Array;
}

/** The typical tables of T.81 annex K.3, which RFC 2435 §3.1.4 (appendix B) takes for granted and so never sends. */
export const STANDARD_HUFFMAN_TABLES: readonly HuffmanTable[] = [
  {
    id: 0x00,
    data: fromHex("00010501010101010100000000000000", "000102030405060708090a0b"),
  },
  {
    id: 0x10,
    data: fromHex(
      "0002010303020403050504040000017d",
      "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a2526",
      "2728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485",
      "868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6",
      "d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
    ),
  },
  {
    id: 0x01,
    data: fromHex("00030101010101010101010000000000", "000102030405060708090a0b"),
  },
  {
    id: 0x11,
    data: fromHex(
      "00020102040403040705040400010277",
      "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a",
      "262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a828384",
      "85868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5",
      "d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa",
    ),
  },
];

/** The luminance table of T.81 annex K.1, in zigzag order. */
const LUMINANCE = fromHex(
  "100b0c0e0c0a100e0d0e1211101318281a18161618312325",
  "1d283a333d3c3933383740485c4e404457453738506d5157",
  "5f626768673e4d71797064785c656763",
);

/** The chrominance table of T.81 annex K.2, in zigzag order. */
const CHROMINANCE = fromHex(
  "1112121815182f1a1a2f6342384263636363636363636363",
  "636363636363636363636363636363636363636363636363",
  "63636363636363636363636363636363",
);

/**
 * The quantization tables that a quality factor stands for (RFC 2435 §4.2 and appendix A).
 *
 * @param quality - 1 … 99; taken to the nearest of these
 * @returns the table of luminance and that of chrominance, each 64 bytes in zigzag order
 */
export function standardQuantizationTables(quality: number): [Uint8Array, Uint8Array] {
  const clamped = Math.min(Math.max(quality, 1), 99);
  const percent = clamped < 50 ? Math.floor(5_000 / clamped) : 200 - 2 * clamped;
  const scale = (value: number) => Math.min(Math.max(Math.floor((value * percent + 50) / 100), 1), 255);
  return [LUMINANCE.map(scale), CHROMINANCE.map(scale)];
}

function fromHex(...parts: string[]): Uint8Array {
  const digits = parts.join("");
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
