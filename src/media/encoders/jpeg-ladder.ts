/** How a JPEG is to be made. */
export interface JpegRung {
  /** Of width and height. */
  readonly scale: number;
  /** FFmpeg's quantiser scale: 2 is best, 31 worst. */
  readonly quantizer: number;
}

/** Each step makes a page of text about a quarter smaller. */
const QUANTIZERS = [2, 3, 5, 8, 12, 18, 26];
/** Sizes are given up only after quality: blurred text is bad, small text is worse. */
const SCALES = [1, 0.75, 0.5, 0.375, 0.25];
/** A frame below this share of the limit leaves room for the rung above. */
const ROOM_SHARE = 0.6;
/** So many frames in a row must leave room before the rung above is tried: each try may cost an encode. */
const FRAMES_BEFORE_CLIMB = 10;
/** Where the search begins: near the top, because going down takes no longer than the first frame. */
const FIRST_RUNG = 1;
/** A frame of more than this many times the limit skips a rung. */
const SKIP_RATIO = 2;

/**
 * Finds the best quality and size whose JPEGs stay within a number of bytes, and remembers it from frame to frame.
 */
export class JpegLadder {
  private readonly rungs: readonly JpegRung[];
  private index = FIRST_RUNG;
  private framesWithRoom = 0;

  /** @param canShrink - whether the picture may become smaller when the worst quality does not fit */
  constructor({ canShrink }: { canShrink: boolean }) {
    const scales = canShrink ? SCALES : [1];
    this.rungs = scales.flatMap((scale) => QUANTIZERS.map((quantizer) => ({ scale, quantizer })));
  }

  /** What to try next. */
  get rung(): JpegRung {
    return this.rungs[this.index] as JpegRung;
  }

  /**
   * Judges a frame that was made as {@link rung} said.
   *
   * @returns `accept`: send it; `retry`: encode again as {@link rung} says now; `hopeless`: too large, and no rung is left
   */
  judge(bytes: number, limit: number): "accept" | "retry" | "hopeless" {
    if (bytes > limit) {
      this.framesWithRoom = 0;
      const last = this.rungs.length - 1;
      if (this.index === last) return "hopeless";
      this.index = Math.min(last, this.index + (bytes > limit * SKIP_RATIO ? 2 : 1));
      return "retry";
    }
    this.framesWithRoom = bytes < limit * ROOM_SHARE ? this.framesWithRoom + 1 : 0;
    if (this.framesWithRoom >= FRAMES_BEFORE_CLIMB && this.index > 0) {
      this.index--;
      this.framesWithRoom = 0;
    }
    return "accept";
  }
}
