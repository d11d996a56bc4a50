import { afterEach, expect, test } from "vitest";
import { solidPicture } from "../../../test/support/pictures.js";
import { type DegradationLevel, later, type Micros, micros, millis, seconds } from "../../core/index.js";
import { Decoder } from "../decoder.js";
import { EncodingSet } from "./encoding-set.js";

const START = seconds(1_000);
const FPS = 50;
const INTERVAL = millis(1_000 / FPS);
const PICTURE = solidPicture(320, 192, 0x406080);

let set: EncodingSet;
afterEach(() => set.closeAll());

function openSet(profile: "screen" | "camera"): EncodingSet {
  set = new EncodingSet({ picture: { width: 320, height: 192 }, fps: FPS, profile });
  set.open({ id: "video", codec: "h264", bitrateBps: 1e6 });
  return set;
}

/** Shows `count` pictures, one each frame interval. Returns in which intervals a frame was made. */
function run(count: number, from: Micros): number[] {
  const encoded: number[] = [];
  for (let index = 0; index < count; index++) {
    const captureTime = later(from, micros(index * INTERVAL));
    set.take({ picture: PICTURE, captureTime, changed: "all" }, (encoding) => {
      if (encoding.isDue(captureTime) && encoding.encode(captureTime)) encoded.push(index);
    });
  }
  return encoded;
}

test("one picture of so many is coded, and a keyframe at once", () => {
  openSet("screen");
  expect(set.degrade("video", { fpsDivisor: 3, scale: 1 })).toBeUndefined();
  expect(run(8, START)).toEqual([0, 3, 6]);
  set.get("video")?.requestKeyframe({ repeats: 0 });
  expect(run(5, later(START, seconds(1)))).toEqual([0, 3]);
  set.get("video")?.requestKeyframe({ repeats: 0 });
  expect(run(1, later(START, millis(1_090)))).toEqual([0]);
});

test("encodings in the background get the newest picture, with all that has changed, once the others are done", () => {
  openSet("screen");
  set.open({ id: "low", codec: "h264", bitrateBps: 1e6, size: { width: 160, height: 96 }, isBackground: true });
  const ready: string[] = [];
  const show = (ms: number, y: number) =>
    set.take({ picture: PICTURE, captureTime: later(START, millis(ms)), changed: [{ y, height: 16 }] }, ({ info }) =>
      ready.push(info.id),
    );
  expect([show(0, 0), show(20, 16)]).toEqual([true, true]);
  expect(ready).toEqual(["video", "video"]);
  const takeInBackground = () => {
    const taken: number[] = [];
    set.takeInBackground((encoding, captureTime) => {
      expect([encoding.info.id, encoding.hasNews]).toEqual(["low", true]);
      taken.push(captureTime);
    });
    return taken;
  };
  expect([takeInBackground(), takeInBackground()]).toEqual([[later(START, millis(20))], []]);
  set.close("low");
  expect(show(40, 0)).toBe(false);
});

test("a smaller picture begins with a keyframe, keeps the shape, and outlives a change of the source's size", () => {
  openSet("camera");
  run(2, START);
  const level: DegradationLevel = { fpsDivisor: 1, scale: 0.5 };
  expect(set.degrade("video", level)?.info).toMatchObject({ width: 160, height: 96 });
  const frame = set.get("video")?.encode(later(START, seconds(1)));
  expect(frame?.keyframe).toBe(true);
  expect(new Decoder("h264").decode(frame!.data)?.picture.width).toBe(160);
  set.resize({ width: 640, height: 480 });
  expect(set.get("video")).toMatchObject({ info: { width: 320, height: 240 }, level });
});
