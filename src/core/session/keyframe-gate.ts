import { elapsed, type Micros, millis } from "../time.js";

/** Keyframes are large: asked for more often, they would cause the loss that they are to mend. */
const LEAST_INTERVAL = millis(200);
/** Receivers whose last FIR is remembered. */
const MAX_COMMANDERS = 64;

/** Decides which of the receivers' requests for a keyframe reach the encoder. */
export class KeyframeGate {
  private readonly lastCommands = new Map<number, number>();
  private lastPassedAt: Micros | undefined;

  /** A picture loss indication came (RFC 4585 §6.3.1). Returns whether to make a keyframe. */
  onPictureLoss(now: Micros): boolean {
    return this.pass(now);
  }

  /** A full intra request came (RFC 5104 §4.3.1). One with the number of the last is that one repeated, not a new one. */
  onIntraRequest(now: Micros, { sender, commandSequence }: { sender: number; commandSequence: number }): boolean {
    if (this.lastCommands.get(sender) === commandSequence) return false;
    if (!this.pass(now)) return false;
    if (this.lastCommands.size >= MAX_COMMANDERS) this.lastCommands.clear();
    this.lastCommands.set(sender, commandSequence);
    return true;
  }

  private pass(now: Micros): boolean {
    if (this.lastPassedAt !== undefined && elapsed(this.lastPassedAt, now) < LEAST_INTERVAL) return false;
    this.lastPassedAt = now;
    return true;
  }
}
