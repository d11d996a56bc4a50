/**
 * FFmpeg, through node-av's low-level API. Nothing outside `src/media` sees these types. The binding is memory-unsafe; the
 * rules that keep it from crashing:
 *
 * 1. Options go in by {@link setOption} before `open2…(codec, null)`; never by a Dictionary.
 * 2. `Frame.fromBuffer` aliases the Buffer: both must live equally long (see `frame.ts`).
 * 3. `frame.data` views die with their Frame: they are taken once, of Frames that are never freed by hand. Views of a decoder's
 *    memory (see `plane-views.ts`) are used only while a Frame refers to it.
 * 4. One call at a time on a context; none in flight when it is freed.
 */
import * as constants from "node-av/constants";
import { FFmpegError, Log, PosixError } from "node-av/lib";
import { type ErrorCode, SightlineError } from "../../core/index.js";

// FFmpeg reports damaged input on stderr, line after line; what matters comes back as return codes.
Log.setLevel(constants.AV_LOG_QUIET);

/** What FFmpeg returns when it needs more input, or has no output yet. */
export const AGAIN: number = FFmpegError.AVERROR(PosixError.EAGAIN);

/** FFmpeg's own words for a negative return code. */
export function describe(code: number): string {
  return FFmpegError.strerror(code);
}

/**
 * Passes a return code on.
 *
 * @param doing - what was tried, for the message
 * @throws SightlineError with `errorCode` when `code` is negative
 */
export function check(code: number, doing: string, errorCode: ErrorCode = "internal"): number {
  if (code < 0) throw new SightlineError(errorCode, `${doing}: ${describe(code)}`);
  return code;
}

/** Every FFmpeg context that has options. */
export interface OptionTarget {
  setOption(
    name: string,
    value: string,
    type: typeof constants.AV_OPT_TYPE_STRING,
    searchFlags: typeof constants.AV_OPT_SEARCH_CHILDREN,
  ): number;
}

/**
 * Sets an option of a context or of its codec's or format's private part.
 *
 * @throws SightlineError `internal` when FFmpeg refuses it (it would fall back to a default in silence)
 */
export function setOption(target: OptionTarget, name: string, value: string | number): void {
  const code = target.setOption(name, String(value), constants.AV_OPT_TYPE_STRING, constants.AV_OPT_SEARCH_CHILDREN);
  check(code, `FFmpeg refused the option ${name}=${value}`);
}
