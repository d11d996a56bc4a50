import {
  Degradation,
  type DegradationLevel,
  type DegradationObservation,
  type DegradationPreference,
  type Micros,
} from "../../core/index.js";
import type { EncodingId } from "./encodings.js";

const FULL: DegradationLevel = { fpsDivisor: 1, scale: 1 };

/** What is seen of an encoding. */
export interface DegradableFeed {
  /** What the paths of those who take it allow, in bits/s. */
  readonly bitrateBps: number;
  /** What it takes, in bits/s. */
  readonly actualBps: number;
  readonly takers: number;
}

/** The picture that is coded, in full. */
export type FullPicture = Pick<DegradationObservation, "width" | "height" | "fps">;

/** Options of {@link StreamDegradation}. */
export interface StreamDegradationOptions {
  readonly preference: DegradationPreference;
  /** Told how an encoding is to code its pictures from now on. */
  readonly apply: (id: EncodingId, level: DegradationLevel) => void;
}

/** Lets each encoding of a stream code fewer or smaller pictures while the paths of its takers carry too little for all. */
export class StreamDegradation {
  private readonly options: StreamDegradationOptions;
  private readonly encodings = new Map<EncodingId, Degradation>();

  constructor(options: StreamDegradationOptions) {
    this.options = options;
  }

  /** How an encoding is to code its pictures now. */
  levelOf(id: EncodingId): DegradationLevel {
    return this.encodings.get(id)?.level ?? FULL;
  }

  /** Looks at one encoding; to be called a few times a second. */
  update(now: Micros, id: EncodingId, { bitrateBps, actualBps, takers }: DegradableFeed, full: FullPicture): void {
    if (takers === 0) return;
    const { preference, apply } = this.options;
    const degradation = this.encodings.get(id) ?? new Degradation(preference);
    this.encodings.set(id, degradation);
    const { width, height, fps } = full;
    const observation = { targetBps: bitrateBps, codedBps: actualBps, width, height, fps };
    if (degradation.update(now, observation)) apply(id, degradation.level);
  }
}
