import { type EncodedFrame, elapsed, later, type Micros, micros, millis } from "../../core/index.js";

/** Keyframe and what followed it may be so much together: at the rate a new viewer is sent at first, half a second. */
const MOST_BYTES = 1.2e6;
/** What followed a larger keyframe may be this part of it. */
const MOST_FOLLOWING_PART = 0.5;
/** So many frames a decoder takes at once without being late: 2 to 3 ms each at 1080p. */
const MOST_FRAMES = 90;
/** Frames that are sent again are stamped so far apart, … */
const STAMP_STEP = millis(1);
/** … the last one this long ago: later than any picture before it, earlier than one that is being encoded. */
const STAMP_AGE = millis(60);

/**
 * Remembers the last keyframe and what followed it while that is small, so that one more viewer can begin without a new
 * keyframe, which every other viewer would have to carry.
 */
export class KeyframeMemory {
  private frames: EncodedFrame[] = [];
  private keyframeBytes = 0;
  private followingBytes = 0;

  /** Takes in every frame of the encoding. */
  add(frame: EncodedFrame): void {
    if (frame.keyframe) {
      this.frames = [frame];
      this.keyframeBytes = frame.data.length;
      this.followingBytes = 0;
      return;
    }
    if (this.frames.length === 0) return;
    this.frames.push(frame);
    this.followingBytes += frame.data.length;
    const most = Math.max(MOST_BYTES - this.keyframeBytes, this.keyframeBytes * MOST_FOLLOWING_PART);
    if (this.frames.length > MOST_FRAMES || this.followingBytes > most) this.clear();
  }

  /** What was encoded will not be built upon: the encoder was opened anew. */
  clear(): void {
    this.frames = [];
  }

  /**
   * Frames that lead a decoder to the current picture, the last of them as if captured a moment ago: what it shows is what
   * the source still shows.
   *
   * @param after - the capture time of the frame that the viewer was sent last; the stamps come after it
   * @returns undefined if too much has followed the last keyframe
   */
  replay(now: Micros, after: Micros = micros(0)): EncodedFrame[] | undefined {
    const newest = this.frames.at(-1);
    if (newest === undefined) return undefined;
    const count = this.frames.length;
    const last = micros(Math.max(newest.captureTime, now - STAMP_AGE, after + count * STAMP_STEP));
    return this.frames.map((frame, index) => {
      const captureTime = later(last, micros((index + 1 - count) * STAMP_STEP));
      return { ...frame, captureTime };
    });
  }

  /** How long the source has shown nothing new. */
  stillFor(now: Micros): Micros {
    const newest = this.frames.at(-1);
    return newest === undefined ? micros(0) : elapsed(newest.captureTime, now);
  }
}
