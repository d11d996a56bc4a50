const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Encodes bytes in base64 with padding (RFC 4648 §4). The core has no platform to ask for it. */
export function encodeBase64(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += 3) {
    const rest = data.length - at;
    const group = (data[at]! << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    text += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]!;
    text += rest > 1 ? ALPHABET[(group >> 6) & 63]! : "=";
    text += rest > 2 ? ALPHABET[group & 63]! : "=";
  }
  return text;
}

/** Decodes base64, with or without its padding; undefined if `text` is something else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/={0,2}$/, "");
  if (digits.length % 4 === 1) return undefined;
  const data = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let buffer = 0;
  let bitCount = 0;
  let length = 0;
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value === -1) return undefined;
    buffer = ((buffer << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      data[length++] = buffer >> bitCount;
    }
  }
  return data;
}
