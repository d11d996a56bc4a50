import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeClip, PICTURE_SIZE, pictureNumber } from "../../test/support/clips.js";
import { psnr, solidPicture } from "../../test/support/pictures.js";
import { SightlineError } from "../core/index.js";
import { Converter } from "./converter.js";
import type { Picture } from "./picture.js";
import { Recorder } from "./recorder.js";
import { encodePng, writePng } from "./snapshot.js";
import { openFile } from "./sources/file.js";
import type { VideoSource } from "./sources/source.js";

const folder = mkdtempSync(join(tmpdir(), "sightline-media-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Shown {
  readonly number: number;
  readonly at: number;
}

async function play(source: VideoSource, atMost: number): Promise<Shown[]> {
  const shown: Shown[] = [];
  while (shown.length < atMost) {
    const captured = await source.next();
    if (captured === undefined) break;
    shown.push({ number: pictureNumber(captured.picture), at: captured.captureTime / 1_000 });
  }
  await source.close();
  return shown;
}

describe.each(["mkv", "mp4"])("a recording in %s", (extension) => {
  it("plays every picture at its time", async () => {
    const file = join(folder, `clip.${extension}`);
    makeClip(file, { pictures: 8, fps: 40 });
    const source = await openFile(file, { fps: 60 });
    expect(source.info).toMatchObject({ kind: "file", name: `clip.${extension}`, ...PICTURE_SIZE });
    const shown = await play(source, 100);
    expect(shown.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const times = shown.map(({ at }) => at - (shown[0] as Shown).at);
    for (const [i, time] of times.entries()) expect(time).toBeGreaterThan(i * 25 - 3);
  });

  it("starts again when it loops, and leaves pictures out for a lower rate", async () => {
    const file = join(folder, `loop.${extension}`);
    makeClip(file, { pictures: 4, fps: 80 });
    const looped = await play(await openFile(file, { fps: 80, loop: true }), 10);
    expect(looped.map(({ number }) => number)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1]);
    const thinned = await play(await openFile(file, { fps: 40 }), 10);
    expect(thinned.map(({ number }) => number)).toEqual([0, 2]);
  });
});

describe("Recorder", () => {
  it("begins with the first keyframe", async () => {
    const file = join(folder, "late.mkv");
    makeClip(file, { pictures: 6, fps: 40, keyframes: [0, 3], skip: 1 });
    const shown = await play(await openFile(file, { fps: 60 }), 100);
    expect(shown.map(({ number }) => number)).toEqual([3, 4, 5]);
  });

  it("refuses names it has no format for, and places it cannot write to", () => {
    expect(() => new Recorder(join(folder, "clip.txt"))).toThrow(SightlineError);
    expect(() => new Recorder(join(folder, "absent", "clip.mkv"))).toThrow(SightlineError);
  });
});

describe("a single picture", () => {
  it("is written as a PNG and shown once, until it is closed", async () => {
    const file = join(folder, "picture.png");
    const source = solidPicture(66, 34, 0x2080c0);
    await writePng(source, file);
    expect((await readFile(file)).equals(encodePng(source))).toBe(true);
    const still = await openFile(file, { fps: 30 });
    const captured = await still.next();
    const picture = captured?.picture as Picture;
    const back = new Converter({ width: 66, height: 34, format: "bgrx" }).convert(picture, "all").picture;
    expect(psnr(back, source)).toBe(Number.POSITIVE_INFINITY);
    const ended = still.next();
    await still.close();
    expect(await ended).toBeUndefined();
  });

  it("fails in a line when it cannot be written", async () => {
    await expect(writePng(solidPicture(8, 8, 0), join(folder, "absent", "x.png"))).rejects.toThrow(SightlineError);
  });
});

describe("openFile", () => {
  it.each([
    ["absent.mp4", "not-found"],
    ["text.txt", "invalid-data"],
    ["rtsp://127.0.0.1:1/none", "unreachable"],
  ])("says what is wrong with %s", async (name, code) => {
    const { writeFile } = await import("node:fs/promises");
    await writeFile(join(folder, "text.txt"), "no video\n".repeat(100));
    const url = name.includes("://") ? name : join(folder, name);
    await expect(openFile(url, { fps: 30 })).rejects.toMatchObject({ name: "SightlineError", code });
  });
});
