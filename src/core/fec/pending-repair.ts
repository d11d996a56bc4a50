import type { RtpPacket } from "../rtp/index.js";
import { combineShards, type ErasureEngine, longestShard } from "./erasure-engine.js";
import { type Matrix, matrixOf, recoveryMatrix } from "./linear-system.js";
import { toProtectedForm } from "./protected-form.js";

/** Unknowns solved for at once; bounds the time that one packet can take. */
const MAX_UNKNOWNS = 32;
/** Repair packets that share unknowns are joined at most this often in search of a solvable set. */
const MAX_JOINS = 4;
/** Equations taken beyond the number of unknowns, in case some say the same. */
const SPARE_EQUATIONS = 8;

/** A repair packet that waits for some of what it protects. */
export interface PendingRepair {
  /** Extended sequence numbers of the packets it protects. */
  readonly members: readonly number[];
  /** The factor of each of them. */
  readonly factors: Uint8Array;
  readonly parity: Uint8Array;
  readonly remaining: number;
  /** Those of `members` that are not there. */
  readonly missing: Set<number>;
}

/**
 * A set of repair packets, `start` among them, in which no more packets are unknown than there are repair packets: first
 * those that miss nothing else than `start` does, then ever more that share unknowns.
 *
 * @returns undefined if there is none within bounds
 */
export function solvableTogether(
  start: PendingRepair,
  pending: readonly PendingRepair[],
): readonly PendingRepair[] | undefined {
  const unknown = new Set(start.missing);
  for (let joins = 0; joins <= MAX_JOINS && unknown.size <= Math.min(pending.length, MAX_UNKNOWNS); joins++) {
    // The new one first: elimination prefers the first, and what waits may be what a forger sent.
    const others = pending.filter((repair) => repair !== start && isWithin(repair.missing, unknown));
    if (others.length + 1 >= unknown.size) return [start, ...others.slice(0, unknown.size - 1 + SPARE_EQUATIONS)];
    const neighbour = leastExtra(pending, unknown);
    if (neighbour === undefined) return undefined;
    for (const member of neighbour.missing) unknown.add(member);
  }
  return undefined;
}

/** The repair packet that shares unknowns and adds the fewest. */
function leastExtra(pending: readonly PendingRepair[], unknown: ReadonlySet<number>): PendingRepair | undefined {
  let best: { readonly repair: PendingRepair; readonly extra: number } | undefined;
  for (const repair of pending) {
    let extra = 0;
    for (const member of repair.missing) {
      if (!unknown.has(member)) extra += 1;
    }
    const sharesSome = extra < repair.missing.size;
    if (extra > 0 && sharesSome && (best === undefined || extra < best.extra)) best = { repair, extra };
  }
  return best?.repair;
}

function isWithin(members: ReadonlySet<number>, others: ReadonlySet<number>): boolean {
  if (members.size > others.size) return false;
  for (const member of members) {
    if (!others.has(member)) return false;
  }
  return true;
}

/**
 * Solves for all that a set of repair packets misses.
 *
 * @param known - the packet with an extended sequence number that no repair packet misses, as the encoder saw it
 * @returns protected forms by extended sequence number; undefined if the repair packets do not determine them
 */
export function solveRepairs(
  repairs: readonly PendingRepair[],
  { engine, known }: { readonly engine: ErasureEngine; readonly known: (member: number) => RtpPacket },
): Map<number, Uint8Array> | undefined {
  const missing = new Set<number>();
  for (const repair of repairs) {
    for (const member of repair.missing) missing.add(member);
  }
  const present = new Set<number>();
  for (const { members } of repairs) {
    for (const member of members) if (!missing.has(member)) present.add(member);
  }
  const unknowns = [...missing];
  const knowns = [...present];
  const matrix = recoveryMatrix(factorsOf(repairs, unknowns), factorsOf(repairs, knowns));
  if (matrix === undefined) return undefined;
  const forms = knowns.map((member) => toProtectedForm(known(member)));
  const sources = [...repairs.map(({ parity }) => parity), ...forms];
  const recovered = combineShards(engine, sources, { matrix, size: longestShard(sources) });
  return new Map(unknowns.map((member, i) => [member, recovered[i]!]));
}

/** A row for each repair packet, a column for each packet; 0 where the one does not protect the other. */
function factorsOf(repairs: readonly PendingRepair[], packets: readonly number[]): Matrix {
  const columns = new Map(packets.map((member, column) => [member, column]));
  const { rows, elements } = matrixOf(repairs.length, packets.length, () => 0);
  for (const [row, { members, factors }] of repairs.entries()) {
    for (const [i, member] of members.entries()) {
      const column = columns.get(member);
      if (column !== undefined) elements[row * packets.length + column] = factors[i]!;
    }
  }
  return { rows, columns: packets.length, elements };
}
