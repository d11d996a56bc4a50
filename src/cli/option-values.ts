import { SightlineError } from "../core/index.js";

/** Less than this is surely a mistyped unit (`8` for `8M`). */
const MIN_BITRATE_BPS = 50_000;
/** The largest picture side that H.264 level 6.2 encoders take. */
const MAX_SIDE = 8192;
const MIN_SIDE = 16;
const FACTORS: Record<string, number> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };

/**
 * Reads a bitrate: `800k`, `8M`, `1.5M`, or plain bits per second.
 *
 * @returns bits per second
 * @throws SightlineError `invalid-argument` for anything else, and for less than 50 kb/s
 */
export function parseBitrate(text: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text.trim()) ?? [];
  const bitrateBps = Math.round(Number(number) * FACTORS[unit.toLowerCase()]!);
  if (number === "") throw invalid(`"${text}" is not a bitrate: write it like 800k, 8M or 8000000 (bits per second)`);
  if (bitrateBps < MIN_BITRATE_BPS)
    throw invalid(`a bitrate of ${text} is too low for video: 8M is 8 Mb/s, 800k is 0.8 Mb/s`);
  return bitrateBps;
}

/**
 * Reads a picture size: `1280x720`.
 *
 * @returns width and height in pixels
 * @throws SightlineError `invalid-argument` for anything else, and for sides outside 16 … 8192
 */
export function parseSize(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d+)[x×](\d+)$/i.exec(text.trim()) ?? [];
  if (width === undefined) throw invalid(`"${text}" is not a size: write it like 1280x720`);
  const size = { width: Number(width), height: Number(height) };
  if (Math.min(size.width, size.height) < MIN_SIDE || Math.max(size.width, size.height) > MAX_SIDE) {
    throw invalid(`a picture of ${text} cannot be coded: each side must be ${MIN_SIDE} to ${MAX_SIDE} pixels`);
  }
  return size;
}

/**
 * Makes a reader of whole numbers within limits, for an option's argument.
 *
 * @param what - the noun for the error: "a frame rate"
 * @returns a function that throws SightlineError `invalid-argument` for anything else
 */
export function wholeNumber(what: string, { min, max }: { min: number; max: number }): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw invalid(`"${text}" is not ${what}: write a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

/** Gathers the arguments of an option that may be repeated. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

function invalid(message: string): SightlineError {
  return new SightlineError("invalid-argument", message);
}
