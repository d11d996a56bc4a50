import { expect, test } from "vitest";
import { type DegradationPreference, later, millis, seconds } from "../../core/index.js";
import { type DegradableFeed, StreamDegradation } from "./stream-degradation.js";

const STEP = millis(100);
const PICTURE = { width: 1_920, height: 1_080, fps: 30 };

/** A stream whose media process only notes what it is asked for. */
function createStream(preference: DegradationPreference) {
  const asked: string[] = [];
  const degradation = new StreamDegradation({
    preference,
    apply: (id, { fpsDivisor, scale }) => asked.push(`${id} 1/${fpsDivisor} ${scale}`),
  });
  let now = seconds(1_000);
  const watch = (forSeconds: number, feed: Partial<DegradableFeed> & { readonly bitrateBps: number }) => {
    for (const end = later(now, seconds(forSeconds)); now < end; now = later(now, STEP)) {
      degradation.update(now, "main-420", { actualBps: feed.bitrateBps, takers: 1, ...feed }, PICTURE);
    }
  };
  return { asked, degradation, watch };
}

test("on a thin path a screen loses frames, a camera size, and both get them back", () => {
  for (const [preference, worse] of [
    ["fps", "main-420 1/2 1"],
    ["size", "main-420 1/1 0.75"],
  ] as const) {
    const { asked, degradation, watch } = createStream(preference);
    watch(3, { bitrateBps: preference === "fps" ? 500e3 : 1e6 });
    expect(asked).toEqual([worse]);
    watch(6, { bitrateBps: 8e6 });
    expect(asked).toEqual([worse, "main-420 1/1 1"]);
    expect(degradation.levelOf("main-420")).toEqual({ fpsDivisor: 1, scale: 1 });
  }
});

test("an encoding keeps its level while nobody takes it, for when it is opened again; others have their own", () => {
  const { asked, degradation, watch } = createStream("size");
  watch(10, { bitrateBps: 100e3 });
  expect(asked.at(-1)).toBe("main-420 1/3 0.5");
  watch(10, { bitrateBps: 20e6, takers: 0 });
  expect(degradation.levelOf("main-420")).toEqual({ fpsDivisor: 3, scale: 0.5 });
  expect(degradation.levelOf("main-444")).toEqual({ fpsDivisor: 1, scale: 1 });
});

test("nothing is asked for if nothing may be given up", () => {
  const { asked, watch } = createStream("off");
  watch(10, { bitrateBps: 50e3 });
  expect(asked).toEqual([]);
});
