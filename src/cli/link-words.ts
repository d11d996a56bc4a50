import type { LinkInfo } from "../pipeline/index.js";
import { commandToType } from "./invocation.js";

/** Beside the first link, so many others are shown. */
const OTHERS_SHOWN = 3;

/**
 * How to watch by a link, for the person who shares.
 *
 * @param qrCode - drawn, or undefined where it cannot be
 */
export function describeLink(link: LinkInfo, qrCode: string | undefined): string {
  const [best = "", ...others] = link.urls;
  return [
    ACCESS_WORDS[link.access],
    `  ${best}`,
    ...(link.pin === undefined ? [] : [`  PIN: ${link.pin.slice(0, 3)} ${link.pin.slice(3)}`]),
    ...(qrCode === undefined ? [] : [qrCode]),
    ...others.slice(0, OTHERS_SHOWN).map((url, index) => `  ${index === 0 ? "or " : "   "}${url}`),
    // Quoted, because shells take a question mark for their own.
    `or in a window of its own: ${commandToType(["watch", `"${best}"`])}`,
    ...(link.certificateFingerprint === undefined ? [] : certificateLines(link.certificateFingerprint)),
  ].join("\n");
}

const ACCESS_WORDS: Readonly<Record<LinkInfo["access"], string>> = {
  token: "Whoever has this link can watch, in any browser on the network:",
  pin: "Whoever knows the PIN can watch, in any browser on the network:",
  open: "Everybody on the network can watch, in any browser:",
};

function certificateLines(fingerprint: string): string[] {
  return ["Browsers warn of the certificate, because it is our own. Its SHA-256 must be", `  ${fingerprint}`];
}
