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

/** Runs a second of drawing every `periodMs` against a pacer; returns the times of capture in ms after the start. */
function run(fps: number, periodMs: number): number[] {
  const pacer = new CapturePacer(fps);
  const captures: number[] = [];
  let newestAt = at(0);
  let isPending = false;
  let isAnnounced = false;
  for (let us = 0; us <= 1_000_000; us += 100) {
    const now = micros(START + us);
    if (us % Math.round(periodMs * 1_000) < 100) {
      isPending = true;
      // Further drawing into the same place is announced only after the damage was taken.
      if (!isAnnounced) newestAt = now;
      isAnnounced = true;
    }
    const step = pacer.plan(now, { isPending, newestAt, share: SMALL });
    if (step.kind === "rearm") isAnnounced = false;
    if (step.kind !== "capture") continue;
    pacer.captured(now, SMALL);
    captures.push(us / 1_000);
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
    pacer.captured(START, SMALL);
    expect(pacer.plan(at(500), drawnAt(at(500))).kind).toBe("capture");
  });

  it("holds back drawing in the first half of a slot, and takes it when the slot is due", () => {
    const pacer = new CapturePacer(50);
    pacer.captured(START, SMALL);
    expect(pacer.plan(at(5), drawnAt(at(5)))).toEqual({ kind: "wait", until: at(10) });
    expect(pacer.plan(at(10), drawnAt(at(5)))).toEqual({ kind: "rearm" });
    expect(pacer.plan(at(10), drawnAt(at(5)))).toEqual({ kind: "wait", until: at(20) });
    expect(pacer.plan(at(20), drawnAt(at(5))).kind).toBe("capture");
  });

  it("takes drawing in the second half of a slot at once", () => {
    const pacer = new CapturePacer(50);
    pacer.captured(START, SMALL);
    expect(pacer.plan(at(14), drawnAt(at(14))).kind).toBe("capture");
  });

  it("does not make a page flip wait, but scrolling", () => {
    const pacer = new CapturePacer(30);
    pacer.captured(START, SMALL);
    expect(pacer.plan(at(3), drawnAt(at(3), 0.9)).kind).toBe("capture");
    pacer.captured(at(3), 0.9);
    expect(pacer.plan(at(6), drawnAt(at(6), 0.9)).kind).toBe("wait");
  });

  it("lets page flips jump the queue only now and then", () => {
    const pacer = new CapturePacer(30);
    pacer.captured(START, SMALL);
    pacer.captured(at(3), 0.9);
    pacer.captured(at(36), SMALL);
    expect(pacer.plan(at(40), drawnAt(at(40), 0.9)).kind).toBe("wait");
  });

  it.each([30, 60])("keeps the rate of %i a second while the screen always changes, and takes fresh drawing", (fps) => {
    for (const periodMs of [4, 1_000 / 120, 1_000 / 60]) {
      const captures = run(fps, periodMs);
      expect(captures.length).toBeGreaterThanOrEqual(fps);
      expect(captures.length).toBeLessThanOrEqual(fps + 2);
      const ages = captures.map((time) => time % periodMs);
      const stale = ages.filter((age) => age > 1 && age < periodMs - 1).length;
      expect(stale / captures.length).toBeLessThan(0.1);
    }
  });
});
