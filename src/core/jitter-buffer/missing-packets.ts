import type { Micros } from "../time.js";
import type { Hole } from "./assembled-frame.js";
import type { PacketRun } from "./packet-run.js";

/** How far a stream has been handed out. */
export interface StreamPlace {
  /** Everything before this sequence number is done with. Undefined until something is. */
  readonly nextSequence: number | undefined;
  /** Nothing can be delivered before a keyframe. */
  readonly awaitingKeyframe: boolean;
}

/**
 * The first missing packets in front of what has arrived; undefined if nothing is held up, or if the first run can be handed
 * out, or seen to be bad, as it is.
 *
 * @param runs - what waits, in sequence order
 */
export function findHole(runs: readonly PacketRun[], place: StreamPlace): Hole | undefined {
  // While a keyframe is awaited, only what may belong to one is worth waiting for.
  const start = place.awaitingKeyframe ? runs.findIndex((run) => run.maybeKeyframe) : 0;
  const first = runs[start];
  if (first === undefined || isReady(first, place)) return undefined;
  let expected = expectedAt(runs, start, place);
  for (let index = start; index < runs.length; index++) {
    const run = runs[index]!;
    if (run.firstSequence > expected) {
      const since = Math.min(...runs.slice(index).map((beyond) => beyond.firstArrival)) as Micros;
      return { firstSequence: expected, lastSequence: run.firstSequence - 1, since };
    }
    expected = run.lastSequence + 1;
  }
  return undefined;
}

/**
 * When the newest packet came of a keyframe that is awaited and can be repaired; undefined if there is none, or if its first
 * packets came before anything else did and were lost, so that nobody knows what to ask for.
 */
export function keyframeProgress(
  runs: readonly PacketRun[],
  { nextSequence, awaitingKeyframe }: StreamPlace,
): Micros | undefined {
  if (!awaitingKeyframe) return undefined;
  const pieces = runs.filter((run) => run.maybeKeyframe);
  const first = pieces[0];
  if (first === undefined || (nextSequence === undefined && first.startHint !== "yes")) return undefined;
  return Math.max(...pieces.map((run) => run.lastArrival)) as Micros;
}

function isReady(run: PacketRun, { nextSequence }: StreamPlace): boolean {
  return run.ended && (run.firstSequence === nextSequence || (run.maybeKeyframe && run.isWhole));
}

/** The sequence number where packets must begin to make sense of the run at `index` and all that follow. */
function expectedAt(
  runs: readonly PacketRun[],
  index: number,
  { nextSequence, awaitingKeyframe }: StreamPlace,
): number {
  const run = runs[index]!;
  if (awaitingKeyframe && run.startHint === "yes") return run.firstSequence;
  const previous = runs[index - 1];
  return previous === undefined ? (nextSequence ?? run.firstSequence - 1) : previous.lastSequence + 1;
}
