import { expect, test } from "vitest";
import { later, type Micros, millis, seconds, toMillis } from "../../core/index.js";
import { type Rung, type RungPath, RungPlan, type TopRung } from "./rung-plan.js";

const STEP = millis(100);
/** A camera: it uses all it is given. */
const CAMERA: TopRung = { bitrateBps: 4e6, actualBps: 3.9e6, keyframeBytes: 50e3 };
/** A screen: it uses what its pictures need. */
const SCREEN: TopRung = { bitrateBps: 20e6, actualBps: 2e6, keyframeBytes: 200e3 };

/** Lets a plan look at paths that are data: what each viewer's path carries from when on. Returns the moves, in ms. */
function simulate(
  paths: Record<string, readonly (Partial<RungPath> & { readonly fromMs: number; readonly gone?: true })[]>,
  { top = CAMERA, forMs = 30_000 }: { top?: TopRung; forMs?: number } = {},
): [ms: number, viewer: string, rung: Rung][] {
  const plan = new RungPlan<string>();
  const moves: [number, string, Rung][] = [];
  const start = seconds(1_000);
  const there = new Set<string>();
  for (let at: Micros = start; toMillis(at) - toMillis(start) <= forMs; at = later(at, STEP)) {
    const ms = toMillis(at) - toMillis(start);
    const stepOf = (viewer: string) => paths[viewer]!.findLast(({ fromMs }) => fromMs <= ms);
    for (const viewer of Object.keys(paths)) {
      const step = stepOf(viewer);
      if (step !== undefined && !step.gone && !there.has(viewer)) {
        there.add(viewer);
        plan.add(at, viewer);
      }
      if (step?.gone && there.delete(viewer)) plan.remove(viewer);
    }
    const pathOf = (viewer: string) => ({ targetBps: 8e6, isSkipping: false, ...stepOf(viewer) });
    for (const { viewer, rung } of plan.update(at, pathOf, top)) moves.push([ms, viewer, rung]);
  }
  return moves;
}

test("a path much narrower than the others moves down within two seconds, and nobody else moves", () => {
  const good = [{ fromMs: 0, targetBps: 8e6 }];
  const slow = [
    { fromMs: 5_000, targetBps: 8e6 },
    { fromMs: 5_500, targetBps: 1.5e6 },
  ];
  const moves = simulate({ one: good, two: good, three: good, slow });
  expect(moves).toEqual([[expect.any(Number), "slow", "low"]]);
  expect(moves[0]![0]).toBeLessThanOrEqual(7_000);
});

test("where frames are left out already, it goes down at once", () => {
  const slow = [{ fromMs: 5_000, targetBps: 3e6, isSkipping: true }];
  const moves = simulate({ good: [{ fromMs: 0 }], slow });
  expect(moves).toEqual([[5_200, "slow", "low"]]);
});

test("a lone viewer, and viewers that fare alike, keep the top rung", () => {
  expect(simulate({ lone: [{ fromMs: 0, targetBps: 0.3e6, isSkipping: true }] })).toEqual([]);
  expect(simulate({ one: [{ fromMs: 0, targetBps: 1.5e6 }], two: [{ fromMs: 0, targetBps: 1.2e6 }] })).toEqual([]);
});

test("a path that carries what a screen needs is wide enough, however wide the others are", () => {
  const paths = { wide: [{ fromMs: 0, targetBps: 20e6 }], narrow: [{ fromMs: 0, targetBps: 3e6 }] };
  expect(simulate(paths, { top: SCREEN })).toEqual([]);
  expect(simulate({ ...paths, narrow: [{ fromMs: 0, targetBps: 1.5e6 }] }, { top: SCREEN })).toHaveLength(1);
});

test("nobody moves up to a keyframe that would take long", () => {
  const good = [{ fromMs: 0, targetBps: 20e6 }];
  const slowUntil = (targetBps: number) => [
    { fromMs: 0, targetBps: 1e6 },
    { fromMs: 5_000, targetBps },
  ];
  expect(simulate({ good, slow: slowUntil(4e6) }, { top: SCREEN })).toHaveLength(1);
  expect(simulate({ good, slow: slowUntil(7e6) }, { top: SCREEN })).toHaveLength(2);
});

test("who was slow comes back up when the path has been wide for a while, and a relapse doubles the wait", () => {
  const slow = [
    { fromMs: 2_500, targetBps: 1e6 },
    { fromMs: 4_000, targetBps: 8e6 },
    { fromMs: 9_500, targetBps: 1e6 },
    { fromMs: 11_000, targetBps: 8e6 },
  ];
  const moves = simulate({ good: [{ fromMs: 0 }], slow }, { forMs: 25_000 });
  expect(moves).toEqual([
    [3_500, "slow", "low"],
    [9_000, "slow", "top"],
    [10_500, "slow", "low"],
    [21_000, "slow", "top"],
  ]);
});

test("when the others leave, the slow one gets the top rung, whose encoder then follows it", () => {
  const good = [{ fromMs: 0 }, { fromMs: 10_000, gone: true } as const];
  const moves = simulate({ good, slow: [{ fromMs: 0, targetBps: 1e6 }] });
  expect(moves).toEqual([
    [1_000, "slow", "low"],
    [10_000, "slow", "top"],
  ]);
});

test("a newcomer, whose path is only guessed, pushes nobody down", () => {
  const newcomer = [
    { fromMs: 10_000, targetBps: 8e6 },
    { fromMs: 10_800, targetBps: 1e6 },
  ];
  expect(simulate({ settled: [{ fromMs: 0, targetBps: 1.2e6 }], newcomer }, { forMs: 20_000 })).toEqual([]);
});
