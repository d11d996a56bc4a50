import { elapsed, later, type Micros, millis, seconds } from "../../core/index.js";
import { WIDE_BPS } from "./encoding-demand.js";

/** Before this age, what congestion control says of a path is a guess: it decides nothing for others. */
const ESTABLISHED_AFTER = seconds(2);
/** Where the encoder uses all it is given, a path that carries less than this part of the widest is too narrow for the top … */
const NARROW_PART = 0.6;
/** … and wide enough again above this part. */
const WIDE_PART = 0.8;
/** An encoder that takes less than this part of what it is given is limited by its pictures: what it takes is what it needs. */
const FULL_PART = 0.8;
/** A path must carry so many times what the stream takes on average, for its peaks, before it is wide enough again. */
const PEAK_FACTOR = 1.4;
/** Who moves up begins with a keyframe, which must get through within this many seconds: until then the picture stands. */
const KEYFRAME_SECONDS = 0.25;
/** For how long a path is seen to be too narrow before its viewer moves down. */
const NARROW_FOR = seconds(1);
/** Sooner where frames are left out already. */
const SKIPPING_FOR = millis(200);
/** For how long a path is seen to be wide enough before its viewer moves up; doubled, up to the longest, whenever it was not. */
const WIDE_FOR = seconds(5);
const LONGEST_WIDE_FOR = seconds(60);
/** A viewer that has to move down so soon after it moved up should not have. */
const RELAPSE_WITHIN = seconds(10);

/** The two encodings that viewers move between. */
export type Rung = "top" | "low";

/** How one path fares. */
export interface RungPath {
  /** What congestion control allows, in bits/s. */
  readonly targetBps: number;
  /** Frames are being left out, because too much waits. */
  readonly isSkipping: boolean;
}

/** How the top rung's encoder fares. */
export interface TopRung {
  /** What it is given, in bits/s. */
  readonly bitrateBps: number;
  /** What it takes, on average, in bits/s. */
  readonly actualBps: number;
  /** The size of its last keyframe. */
  readonly keyframeBytes: number;
}

/** A viewer that is to take another rung from now on. */
export interface RungMove<Viewer> {
  readonly viewer: Viewer;
  readonly rung: Rung;
}

interface Placement {
  readonly joinedAt: Micros;
  rung: Rung;
  narrowSince: Micros | undefined;
  skippingSince: Micros | undefined;
  wideSince: Micros | undefined;
  wideFor: Micros;
  movedUpAt: Micros | undefined;
}

interface Bounds {
  readonly narrowBelowBps: number;
  readonly wideAboveBps: number;
}

/**
 * Decides which viewers of a stream take the top rung and which the low one. A pure state machine: it is told the time and how
 * the paths fare. Nobody moves down unless somebody else is clearly better off: a lone viewer, or several that fare alike, keep
 * the top rung, whose encoder follows them.
 */
export class RungPlan<Viewer> {
  private readonly placements = new Map<Viewer, Placement>();

  /** A viewer comes, to the top rung. */
  add(now: Micros, viewer: Viewer): void {
    this.placements.set(viewer, {
      joinedAt: now,
      rung: "top",
      narrowSince: undefined,
      skippingSince: undefined,
      wideSince: undefined,
      wideFor: WIDE_FOR,
      movedUpAt: undefined,
    });
  }

  /** A viewer has left. */
  remove(viewer: Viewer): void {
    this.placements.delete(viewer);
  }

  /** The rung that a viewer is to take. */
  rungOf(viewer: Viewer): Rung {
    return this.placements.get(viewer)?.rung ?? "top";
  }

  /** Looks at all paths; to be called a few times a second. Returns who moves. */
  update(now: Micros, pathOf: (viewer: Viewer) => RungPath, top: TopRung): RungMove<Viewer>[] {
    const paths = new Map([...this.placements.keys()].map((viewer) => [viewer, pathOf(viewer)]));
    const known = this.established(now, paths);
    const bounds = boundsOf(top, Math.max(0, ...known.map(([, { targetBps }]) => targetBps)));
    const moves: RungMove<Viewer>[] = [];
    for (const [viewer, placement] of this.placements) {
      const path = paths.get(viewer)!;
      const others = known.filter(([other]) => other !== viewer).map(([, other]) => other);
      const isMoving =
        placement.rung === "top"
          ? this.mustMoveDown(now, placement, path, others, bounds)
          : this.mayMoveUp(now, placement, path, bounds);
      if (isMoving) moves.push(move(now, viewer, placement));
    }
    const abandoned = this.abandonedBest(paths);
    if (abandoned !== undefined) moves.push(move(now, abandoned, this.placements.get(abandoned)!));
    return moves;
  }

  private mustMoveDown(
    now: Micros,
    placement: Placement,
    path: RungPath,
    others: readonly RungPath[],
    { narrowBelowBps }: Bounds,
  ): boolean {
    const isAlike = !others.some((other) => !other.isSkipping && path.targetBps < other.targetBps * NARROW_PART);
    placement.narrowSince = since(now, placement.narrowSince, !isAlike && path.targetBps < narrowBelowBps);
    placement.skippingSince = since(now, placement.skippingSince, !isAlike && path.isSkipping);
    return lasts(now, placement.narrowSince, NARROW_FOR) || lasts(now, placement.skippingSince, SKIPPING_FOR);
  }

  private mayMoveUp(now: Micros, placement: Placement, path: RungPath, { wideAboveBps }: Bounds): boolean {
    placement.wideSince = since(now, placement.wideSince, path.targetBps >= wideAboveBps);
    return lasts(now, placement.wideSince, placement.wideFor);
  }

  /** The paths whose width is known; all, while none is. */
  private established(now: Micros, paths: ReadonlyMap<Viewer, RungPath>): (readonly [Viewer, RungPath])[] {
    const known = [...paths].filter(
      ([viewer]) => elapsed(this.placements.get(viewer)!.joinedAt, now) >= ESTABLISHED_AFTER,
    );
    return known.length > 0 ? known : [...paths];
  }

  /** Of those on the low rung, the one with the widest path, if the top rung has nobody left. */
  private abandonedBest(paths: ReadonlyMap<Viewer, RungPath>): Viewer | undefined {
    if ([...this.placements.values()].some(({ rung }) => rung === "top")) return undefined;
    return [...paths].toSorted(([, a], [, b]) => b.targetBps - a.targetBps)[0]?.[0];
  }
}

/** What a path must carry for the top rung. */
function boundsOf({ bitrateBps, actualBps, keyframeBytes }: TopRung, widestBps: number): Bounds {
  const isFull = actualBps >= bitrateBps * FULL_PART;
  const measureBps = Math.min(widestBps, WIDE_BPS);
  const narrowPartBps = measureBps * NARROW_PART;
  const widePartBps = measureBps * WIDE_PART;
  const keyframeBps = (keyframeBytes * 8) / KEYFRAME_SECONDS;
  return {
    narrowBelowBps: isFull ? narrowPartBps : Math.min(narrowPartBps, actualBps),
    wideAboveBps: isFull ? widePartBps : Math.min(widePartBps, Math.max(actualBps * PEAK_FACTOR, keyframeBps)),
  };
}

function move<Viewer>(now: Micros, viewer: Viewer, placement: Placement): RungMove<Viewer> {
  const rung = placement.rung === "top" ? "low" : "top";
  if (rung === "low") {
    const isRelapse = placement.movedUpAt !== undefined && now < later(placement.movedUpAt, RELAPSE_WITHIN);
    const doubled = Math.min(placement.wideFor * 2, LONGEST_WIDE_FOR) as Micros;
    placement.wideFor = isRelapse ? doubled : WIDE_FOR;
  } else placement.movedUpAt = now;
  placement.rung = rung;
  placement.narrowSince = undefined;
  placement.skippingSince = undefined;
  placement.wideSince = undefined;
  return { viewer, rung };
}

function since(now: Micros, before: Micros | undefined, holds: boolean): Micros | undefined {
  return holds ? (before ?? now) : undefined;
}

function lasts(now: Micros, from: Micros | undefined, span: Micros): boolean {
  return from !== undefined && elapsed(from, now) >= span;
}
