/** The stable codes of {@link SightlineError}, for programs to branch on. */
export type ErrorCode =
  /** An option or argument has a value that cannot be used. */
  | "invalid-argument"
  /** A host name could not be resolved, or an address cannot be reached. */
  | "unreachable"
  /** A port or device is in use by another program. */
  | "in-use"
  /** A source, device, window, file or display does not exist. */
  | "not-found"
  /** A file, stream or description is not what it should be. */
  | "invalid-data"
  /** This machine lacks something that the operation needs: a library, a display, an encoder. */
  | "unsupported"
  /** A source ended or went away while in use. */
  | "source-lost"
  /** It could be done, but not now: everything that is allowed at once is in use, or it is just starting or ending. */
  | "unavailable"
  /** A child process or library failed in a way nobody foresaw. */
  | "internal";

/**
 * The one family of errors that Sightline throws. `message` is one line for a person: what happened and what to do next.
 */
export class SightlineError extends Error {
  override readonly name = "SightlineError";
  /** What kind of failure this is. */
  readonly code: ErrorCode;

  /**
   * @param code - the stable code
   * @param message - what happened and what to do next, one line
   * @param options - `cause`: the foreign error that was converted
   */
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
