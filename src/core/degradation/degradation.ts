import { elapsed, type Micros, millis, seconds } from "../time.js";

/** What gives way first when the path carries too little for the picture. */
export type DegradationPreference =
  /** Frames a second, for screens: small text must stay legible. */
  | "fps"
  /** Size, for cameras: motion must stay smooth. */
  | "size"
  /** Nothing: the picture gets coarser only. */
  | "off";

/** How the picture is to be coded. */
export interface DegradationLevel {
  /** One picture of so many is coded. */
  readonly fpsDivisor: number;
  /** Of width and height: 0 … 1. */
  readonly scale: number;
}

/** What is known of an encoding. */
export interface DegradationObservation {
  /** What the path allows the encoder, in bits/s. */
  readonly targetBps: number;
  /** What it makes, in bits/s, over the last second or so. */
  readonly codedBps: number;
  /** What it would be coded with in full, in pixels and frames a second. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/**
 * Bits for each pixel of each frame below which x264's fastest presets leave a picture that nobody wants to look at: 3 Mb/s
 * are 0.048 at 1080p30. Most of a screen's pixels do not change, so that it can do with less.
 */
const LEAST_BITS_PER_PIXEL: Record<Exclude<DegradationPreference, "off">, number> = { fps: 0.012, size: 0.025 };
/**
 * An encoder that uses less than this part of its target has enough, however low that is. x264 with a camera's short buffer uses
 * 0.7 of a low one when it has far too little.
 */
const CAPPED_PART = 0.6;
/** The path must have been too thin for so long, … */
const WORSE_FOR = millis(700);
/** … or wide enough for the better level by so much and so long: a change of size costs a keyframe. */
const BETTER_FOR = seconds(4);
const BETTER_BY = 1.3;

const LEVELS: Record<DegradationPreference, readonly DegradationLevel[]> = {
  fps: levels([1, 1], [2, 1], [3, 1], [3, 0.75], [3, 0.5]),
  size: levels([1, 1], [1, 0.75], [1, 0.5], [2, 0.5], [3, 0.5]),
  off: levels([1, 1]),
};

/** Decides when fewer or smaller pictures serve a viewer better than coarser ones. One step at a time, with hysteresis. */
export class Degradation {
  private readonly preference: DegradationPreference;
  private step = 0;
  private pressure: { readonly to: "worse" | "better"; readonly since: Micros } | undefined;

  constructor(preference: DegradationPreference) {
    this.preference = preference;
  }

  /** How the picture is to be coded now. */
  get level(): DegradationLevel {
    return LEVELS[this.preference][this.step]!;
  }

  /** Takes in how an encoding fares, a few times a second. Returns whether the level has changed. */
  update(now: Micros, observation: DegradationObservation): boolean {
    const to = this.direction(observation);
    if (to !== this.pressure?.to) this.pressure = to && { to, since: now };
    if (this.pressure === undefined) return false;
    const wait = this.pressure.to === "worse" ? WORSE_FOR : BETTER_FOR;
    if (elapsed(this.pressure.since, now) < wait) return false;
    this.step += this.pressure.to === "worse" ? 1 : -1;
    this.pressure = undefined;
    return true;
  }

  private direction(observation: DegradationObservation): "worse" | "better" | undefined {
    const { preference, step } = this;
    if (preference === "off") return undefined;
    const least = LEAST_BITS_PER_PIXEL[preference];
    const levels = LEVELS[preference];
    const isCapped = observation.codedBps >= observation.targetBps * CAPPED_PART;
    const worse = levels[step + 1];
    if (isCapped && worse !== undefined && bitsPerPixel(observation, levels[step]!) < least) return "worse";
    const better = levels[step - 1];
    if (better !== undefined && bitsPerPixel(observation, better) >= least * BETTER_BY) return "better";
    return undefined;
  }
}

function bitsPerPixel(
  { targetBps, width, height, fps }: DegradationObservation,
  { fpsDivisor, scale }: DegradationLevel,
): number {
  return (targetBps * fpsDivisor) / (width * height * scale ** 2 * fps);
}

function levels(...steps: readonly (readonly [fpsDivisor: number, scale: number])[]): readonly DegradationLevel[] {
  return steps.map(([fpsDivisor, scale]) => ({ fpsDivisor, scale }));
}
