import { type EncodedFrame, elapsed, later, type Micros, micros, millis, toMillis } from "sightline/core";
import type { Delivery } from "../endpoints/simulated-viewer.js";
import { quantile } from "./quantile.js";

/** What became of a frame: shown after a delay, or never. */
export interface FrameFate {
  readonly captureTime: Micros;
  /** From capture until it was complete at the viewer; undefined: never. */
  readonly delayMs: number | undefined;
}

/** A time in which the picture stood although a newer one had been captured. */
export interface Pause {
  readonly from: Micros;
  readonly durationMs: number;
}

/** What a viewer saw. */
export interface PictureReport {
  /** From the first one shown on. */
  readonly frames: readonly FrameFate[];
  /** Those that a person sees, see `freezes`. */
  readonly frozen: readonly Pause[];
  /** From joining to the first picture; infinite if there was none. */
  readonly firstPictureMs: number;
  /** Frames captured after the first one shown, and early enough to be shown before the end. */
  readonly framesDue: number;
  /** Those of them that were never shown. */
  readonly framesMissed: number;
  /** Delivered frames that are not bit for bit what a sender captured. */
  readonly framesCorrupt: number;
  /**
   * Delivered frames of which only the front is missing: a keyframe without its parameter sets, if their packet was lost
   * before the receiver knew of the stream. Decoders refuse it.
   */
  readonly framesHeadless: number;
  /** Pauses of more than 150 ms between the time when a frame could have been shown and the next that was. */
  readonly freezes: number;
  /** The longest such pause, whether it was a freeze or not. */
  readonly longestPauseMs: number;
  /** From capture until the frame was complete at the viewer. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly max: number };
  /** The largest error of the capture times that the receiver took to be known. */
  readonly captureTimeErrorMs: number;
  /** By whom the shown frames were captured, in turn. */
  readonly shown: readonly string[];
  /** The last frame captured early enough to be shown before the end was. */
  readonly endsUpToDate: boolean;
}

/** A frame and who captured it. */
export interface Captured {
  readonly by: string;
  readonly frame: EncodedFrame;
}

const FREEZE_MS = 150;
/** Frames captured later than this before the end may still be on their way. */
const SETTLING_MS = 500;

/** Compares what was captured with what was shown. */
export function reportPictures(run: {
  readonly captured: readonly Captured[];
  readonly deliveries: readonly Delivery[];
  readonly joinedAt: Micros;
  readonly end: Micros;
}): PictureReport {
  const originals = new Map(run.captured.map((captured) => [fingerprint(captured.frame), captured]));
  const matched = run.deliveries.map(({ at, frame }) => ({ at, frame, original: originals.get(fingerprint(frame)) }));
  const pictures = matched.flatMap(({ at, frame, original }) =>
    original !== undefined && Buffer.compare(frame.data, original.frame.data) === 0 ? [{ at, frame, original }] : [],
  );
  const headless = matched.filter(
    ({ frame, original }) =>
      original === undefined && run.captured.some((other) => endsWith(other.frame.data, frame.data)),
  );
  const shown = new Map(pictures.map(({ at, original }) => [original, at]));
  const first = pictures[0];
  const visible = new Set(pictures.map(({ original }) => original.by));
  const after = run.captured.filter(
    ({ by, frame }) => first !== undefined && visible.has(by) && frame.captureTime > first.original.frame.captureTime,
  );
  const dueUntil = later(run.end, millis(-SETTLING_MS));
  const due = after.filter(({ frame }) => frame.captureTime <= dueUntil);
  const pauses = pausesOf(
    pictures.map(({ at, original }) => ({ at, captureTime: original.frame.captureTime })),
    due.map(({ frame }) => frame.captureTime),
    run.end,
  );
  const latencies = pictures.map(({ at, original }) => toMillis(elapsed(original.frame.captureTime, at)));
  const errors = pictures
    .filter(({ frame }) => frame.captureTimeKnown)
    .map(({ frame, original }) => Math.abs(toMillis(elapsed(original.frame.captureTime, frame.captureTime))));
  const last = run.captured.findLast(({ by, frame }) => visible.has(by) && frame.captureTime <= dueUntil);
  const frozen = pauses.filter(({ durationMs }) => durationMs > FREEZE_MS);
  return {
    frames: [...(first === undefined ? [] : [first.original]), ...after].flatMap((captured) => {
      const { captureTime } = captured.frame;
      const shownAt = shown.get(captured);
      if (shownAt === undefined && captureTime > dueUntil) return [];
      return [{ captureTime, delayMs: shownAt && toMillis(elapsed(captureTime, shownAt)) }];
    }),
    frozen,
    firstPictureMs: first === undefined ? Number.POSITIVE_INFINITY : toMillis(elapsed(run.joinedAt, first.at)),
    framesDue: due.length,
    framesMissed: due.filter((captured) => !shown.has(captured)).length,
    framesCorrupt: matched.length - pictures.length - headless.length,
    framesHeadless: headless.length,
    freezes: frozen.length,
    longestPauseMs: pauses.reduce((longest, { durationMs }) => Math.max(longest, durationMs), 0),
    latencyMs: { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), max: quantile(latencies, 1) },
    captureTimeErrorMs: Math.max(0, ...errors),
    shown: pictures.map(({ original }) => original.by).filter((by, i, all) => by !== all[i - 1]),
    endsUpToDate: last !== undefined && shown.has(last),
  };
}

/** When and how long each shown picture stood although a newer one had been captured; the last until the end. */
function pausesOf(
  pictures: readonly { readonly at: Micros; readonly captureTime: Micros }[],
  captureTimes: readonly Micros[],
  end: Micros,
): Pause[] {
  return pictures.flatMap((picture, i) => {
    const next = captureTimes.find((captureTime) => captureTime > picture.captureTime);
    if (next === undefined) return [];
    const from = micros(Math.max(picture.at, next));
    return [{ from, durationMs: toMillis(elapsed(from, pictures[i + 1]?.at ?? end)) }];
  });
}

/** Tells frames apart: their last bytes are random. */
function fingerprint({ data }: { readonly data: Uint8Array }): string {
  return `${data.length} ${data.subarray(-16).join()}`;
}

function endsWith(whole: Uint8Array, end: Uint8Array): boolean {
  return end.length < whole.length && Buffer.compare(whole.subarray(-end.length), end) === 0;
}
