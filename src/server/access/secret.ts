import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";

/** 128 bits, as OWASP asks of tokens (ASVS 5.0, 7.2.3). */
const TOKEN_BYTES = 16;
const PIN_DIGITS = 6;

/** Makes a token: 22 characters of `A-Z a-z 0-9 _ -` that hold 128 random bits. */
export function createToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Draws six digits, each combination as likely as any other. */
export function createPin(): string {
  return String(randomInt(10 ** PIN_DIGITS)).padStart(PIN_DIGITS, "0");
}

/** Compares in a time that tells nothing: hashes have one length, and are compared whole. */
export function equalSecrets(left: string, right: string): boolean {
  return timingSafeEqual(hash(left), hash(right));
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
