import type { CryptoAttribute } from "../../core/index.js";
import { KEY_BYTES, SALT_BYTES, SRTP_SUITES, type SrtpMasterKey } from "./suites.js";

/** How a session description names a master key. */
export function describeMasterKey({ suite, key, salt }: SrtpMasterKey): CryptoAttribute {
  const keyAndSalt = Buffer.concat([key, salt]).toString("base64");
  return { tag: "1", suite, keyAndSalt, sessionParameters: [] };
}

/**
 * The first of a description's keys that can be used: of a suite that is spoken, of the right length, for packets that are
 * encrypted and authenticated as usual (RFC 4568 §6.3).
 */
export function masterKeyOf(attributes: readonly CryptoAttribute[]): SrtpMasterKey | undefined {
  for (const { suite: name, keyAndSalt, mki, sessionParameters } of attributes) {
    const suite = SRTP_SUITES.find((each) => each === name);
    const material = Buffer.from(keyAndSalt, "base64");
    if (suite === undefined || material.length !== KEY_BYTES + SALT_BYTES[suite]) continue;
    // WSH advises on a window that is wide enough here.
    if (sessionParameters.some((parameter) => !parameter.startsWith("WSH="))) continue;
    const key = { suite, key: material.subarray(0, KEY_BYTES), salt: material.subarray(KEY_BYTES) };
    return mki === undefined ? key : { ...key, mki: identifier(mki) };
  }
  return undefined;
}

function identifier({ value, bytes }: { readonly value: number; readonly bytes: number }): Uint8Array {
  return Buffer.from(
    BigInt(value)
      .toString(16)
      .padStart(2 * bytes, "0")
      .slice(-2 * bytes),
    "hex",
  );
}
