import { describe, expect, it } from "vitest";
import { type Micros, micros, millis, NEVER } from "../../core/index.js";
import { CapturePacer, type PendingWork } from "./capture-pacer.js";

const START = millis(1_000);
const SMALL = 0.05;

function drawnAt(newestAt: Micros, share = SMALL): PendingWork {
  return { isPending: true, newestAt, share };
}

function at(ms: number): Micros {
  return micros(START + ms * 1_000);
}

/**
 * Runs two seconds of drawing every `periodMs` against a pacer, after one drawing at the start.
 *
 * @param phaseMs - when the periodic drawing begins
 * @returns the times of capture and how old the newest drawing was at each, in ms
 */
function run(fps: number, periodMs: number, phaseMs: number): { time: number; age: number }[] {
  const pacer = new CapturePacer(fps);
  const captures: { time: number; age: number }[] = [];
  let drawn = START;
  let nextDraw: number = START;
  let newestAt = at(0);
  let isPending = false;
  let isAnnounced = false;
  for (let us = 0; us <= 2_000_000; us += 100) {
    const now = micros(START + us);
    if (now >= nextDraw) {
      nextDraw = drawn === START && us === 0 ? at(phaseMs) : nextDraw + periodMs * 1_000;
      drawn = now;
      isPending = true;
      // Further drawing into the same place is announced only after the damage was taken.
      if (!isAnnounced) newestAt = now;
      isAnnounced = true;
    }
    const step = pacer.plan(now, { isPending, newestAt, share: SMALL });
    if (step.kind === "rearm") isAnnounced = false;
    if (step.kind !== "capture") continue;
    pacer.captured(now, { newestAt, share: SMALL });
    captures.push({ time: us / 1_000, age: (now - drawn) / 1_000 });
    isPending = false;
    isAnnounced = false;
  }
  return captures;
}

describe("CapturePacer", () => {
  it("waits for ever while nothing is drawn", () => {
    const step = new CapturePacer(30).plan(START, { isPending: false, newestAt: START, share: 0 });
    expect(step).toEqual({ kind: "wait", until: NEVER });
  });

  it("captures at once after a pause", () => {
    const pacer = new CapturePacer(30);
    expect(pacer.plan(START, drawnAt(START)).kind).toBe("capture");
    pacer.captured(START, { newestAt: START, share: SMALL });
    expect(pacer.plan(at(500), drawnAt(at(500))).kind).toBe("capture");
  });

  it("holds back drawing in the first half of a slot, and takes it when the slot is due", () => {
    const pacer = new CapturePacer(50);
    pacer.captured(START, { newestAt: START, share: SMALL });
    expect(pacer.plan(at(5), drawnAt(at(5)))).toEqual({ kind: "wait", until: at(8) });
    expect(pacer.plan(at(8), drawnAt(at(5)))).toEqual({ kind: "rearm" });
    expect(pacer.plan(at(8), drawnAt(at(5)))).toEqual({ kind: "wait", until: at(20) });
    expect(pacer.plan(at(20), drawnAt(at(5))).kind).toBe("capture");
  });

  it("takes drawing in the second half of a slot at once", () => {
    const pacer = new CapturePacer(50);
    pacer.captured(START, { newestAt: START, share: SMALL });
    expect(pacer.plan(at(14), drawnAt(at(14))).kind).toBe("capture");
  });

  it("does not make a page flip wait, but scrolling", () => {
    const pacer = new CapturePacer(30);
    pacer.captured(START, { newestAt: START, share: SMALL });
    expect(pacer.plan(at(3), drawnAt(at(3), 0.9)).kind).toBe("capture");
    pacer.captured(at(3), { newestAt: at(3), share: 0.9 });
    expect(pacer.plan(at(6), drawnAt(at(6), 0.9)).kind).toBe("wait");
  });

  it("lets page flips jump the queue only now and then", () => {
    const pacer = new CapturePacer(30);
    pacer.captured(START, { newestAt: START, share: SMALL });
    pacer.captured(at(3), { newestAt: at(3), share: 0.9 });
    pacer.captured(at(36), { newestAt: at(36), share: SMALL });
    expect(pacer.plan(at(40), drawnAt(at(40), 0.9)).kind).toBe("wait");
  });

  const cases = [30, 60].flatMap((fps) =>
    [4, 1_000 / 120, 1_000 / 60].flatMap((periodMs) => [1, 3, 5, 7].map((phaseMs) => ({ fps, periodMs, phaseMs }))),
  );
  it.each(cases)("keeps $fps pictures a second, all fresh, of drawing every $periodMs ms", (drawing) => {
    const captures = run(drawing.fps, drawing.periodMs, drawing.phaseMs);
    expect(captures.length).toBeGreaterThanOrEqual(2 * drawing.fps - 2);
    expect(captures.length).toBeLessThanOrEqual(2 * drawing.fps + 3);
    const stale = captures.filter(({ age }) => age > 0.5);
    expect(stale.length / captures.length).toBeLessThan(0.05);
  });
});
