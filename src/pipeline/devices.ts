/** A camera or screen that can be shared. */
export interface Device {
  readonly kind: "camera" | "screen";
  /** What to give to `share`. */
  readonly source: string;
  /** For a person. */
  readonly name: string;
  /** Sizes and rates, for a person; empty if unknown. */
  readonly modes: readonly string[];
}

/** One finding of {@link diagnose}. */
export interface Finding {
  /** What was looked at: "display", "camera", "encoder h264_nvenc". */
  readonly subject: string;
  readonly verdict: "ok" | "missing" | "limited";
  /** What was found, one line. */
  readonly detail: string;
  /** What to do about it, one line. */
  readonly remedy?: string;
}
