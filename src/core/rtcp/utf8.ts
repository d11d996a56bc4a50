const REPLACEMENT = 0xfffd;

/** The smallest code point that needs a sequence of so many bytes: a smaller one is overlong (RFC 3629 §3). */
const SMALLEST_OF_LENGTH = [0, 0, 0x80, 0x800, 0x1_0000] as const;

/**
 * `text` in UTF-8 (RFC 3629), cut before the first character that would end beyond `maxBytes`. A surrogate without its
 * other half becomes U+FFFD.
 */
export function encodeUtf8(text: string, maxBytes: number): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const codePoint = character.codePointAt(0)!;
    const encoded = encodeCodePoint(isSurrogate(codePoint) ? REPLACEMENT : codePoint);
    if (bytes.length + encoded.length > maxBytes) break;
    bytes.push(...encoded);
  }
  return Uint8Array.from(bytes);
}

/** The text that `bytes` are in UTF-8 (RFC 3629). Each byte that belongs to no character becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at]!);
    const codePoint = length === 0 ? undefined : decodeCodePoint(bytes, at, length);
    text += String.fromCodePoint(codePoint ?? REPLACEMENT);
    at += codePoint === undefined ? 1 : length;
  }
  return text;
}

function encodeCodePoint(codePoint: number): number[] {
  if (codePoint < 0x80) return [codePoint];
  const last = 0x80 | (codePoint & 0x3f);
  if (codePoint < 0x800) return [0xc0 | (codePoint >> 6), last];
  const beforeLast = 0x80 | ((codePoint >> 6) & 0x3f);
  if (codePoint < 0x1_0000) return [0xe0 | (codePoint >> 12), beforeLast, last];
  return [0xf0 | (codePoint >> 18), 0x80 | ((codePoint >> 12) & 0x3f), beforeLast, last];
}

/** How many bytes a sequence has that starts with `first`; 0 if none does. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc0) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf8 ? 4 : 0;
}

function decodeCodePoint(bytes: Uint8Array, offset: number, length: number): number | undefined {
  if (offset + length > bytes.length) return undefined;
  if (length === 1) return bytes[offset]!;
  let codePoint = bytes[offset]! & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const byte = bytes[offset + i]!;
    if (byte >> 6 !== 0b10) return undefined;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  if (codePoint < SMALLEST_OF_LENGTH[length]! || codePoint > 0x10_ffff || isSurrogate(codePoint)) return undefined;
  return codePoint;
}

function isSurrogate(codePoint: number): boolean {
  return codePoint >= 0xd800 && codePoint <= 0xdfff;
}
