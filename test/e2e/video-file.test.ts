import { accessSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freePort } from "../support/free-port.js";
import { readPicture, temporaryFolder } from "../support/picture-files.js";
import { psnr } from "../support/pictures.js";
import { runProgram } from "../support/program.js";
import { startSightline } from "../support/sightline.js";
import { requireLibrary, requireProgram } from "../support/x-display.js";

/** People in a street, filmed by a fixed camera: 768x576 at 10 pictures a second, MPEG-4 version 3. In Debian's opencv-doc. */
const FILM = "/usr/share/doc/opencv-doc/examples/data/vtest.avi";
const [SIZE, FPS, PICTURES] = [{ width: 768, height: 576 }, 10, 10];

const isMissing = requireProgram("ffmpeg").isMissing || requireLibrary("opencv-doc", () => accessSync(FILM)).isMissing;

/** The first second of the film. */
async function cutClip(): Promise<string> {
  const clip = join(temporaryFolder(), "clip.avi");
  await runProgram("ffmpeg", ["-v", "error", "-i", FILM, "-frames:v", String(PICTURES), "-c", "copy", clip]);
  return clip;
}

describe.skipIf(isMissing)("a shared video file", () => {
  it("is shown again and again with --loop, as it is", async () => {
    const clip = await cutClip();
    const port = await freePort();
    const share = startSightline("share", [clip, "--loop", "--to", `127.0.0.1:${port}`]);
    expect(await share.event("started")).toMatchObject({ source: { kind: "file", ...SIZE, fps: FPS } });

    const seen = join(temporaryFolder(), "seen.png");
    const watch = startSightline("watch", [`:${port}`, "--no-window", "--snapshot", seen, "--frames", "/dev/null"]);
    await watch.event("snapshot");
    const picture = await readPicture(seen, SIZE);
    const likeness = [];
    for (let number = 0; number < PICTURES; number++) {
      likeness.push(psnr(picture, await readPicture(clip, { ...SIZE, number })));
    }
    // Any other picture of the film has 26 dB at most.
    expect(Math.max(...likeness)).toBeGreaterThan(33);
    await watch.event("statistics", ({ framesReceived }) => framesReceived > 2 * PICTURES);
    expect(await share.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
  });

  it("ends by itself without --loop, and the viewer hears of it", async () => {
    const clip = await cutClip();
    const port = await freePort();
    const watch = startSightline("watch", [`:${port}`, "--no-window", "--frames", "/dev/null"]);
    await watch.event("listening");
    const share = startSightline("share", [clip, "--to", `127.0.0.1:${port}`]);
    expect(await share.end()).toEqual({ code: 0, signal: null, stderr: "" });
    expect(share.events.at(-1)).toEqual({ kind: "ended", reason: "source-ended" });
    await watch.event("stream-ended");
    expect(await watch.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
  });
});
