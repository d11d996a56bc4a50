import { renderUnicodeCompact } from "uqr";
import type { OutputStream } from "./status-line.js";

/** Light modules around the code: phones want some, the four of the standard take half a screen. */
const BORDER = 2;
/** White on black whatever the terminal's colours, so that dark modules are dark. */
const COLORS = "\x1b[97;40m";
const RESET = "\x1b[0m";

/**
 * Draws a QR code of half blocks, for a terminal.
 *
 * @returns its lines; undefined if `out` cannot show it: no terminal, too narrow, or without these characters
 */
export function drawQrCode(
  text: string,
  out: OutputStream,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (!out.isTTY || !showsBlocks(environment)) return undefined;
  const lines = renderUnicodeCompact(text, { border: BORDER }).split("\n");
  const isTooNarrow = out.columns !== undefined && lines.some((line) => line.length > out.columns!);
  return isTooNarrow ? undefined : lines.map((line) => COLORS + line + RESET).join("\n");
}

/** Consoles of other systems show them; elsewhere the locale tells. */
function showsBlocks({ LC_ALL, LC_CTYPE, LANG, TERM }: NodeJS.ProcessEnv): boolean {
  if (TERM === "dumb" || TERM === "linux") return false;
  if (process.platform === "win32" || process.platform === "darwin") return true;
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}
