import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../support/eventually.js";
import { freePort } from "../support/free-port.js";
import { readPicture, screenPsnr, temporaryFolder, wordPage } from "../support/picture-files.js";
import { psnr } from "../support/pictures.js";
import { runProgram } from "../support/program.js";
import { type SightlineOptions, startSightline } from "../support/sightline.js";
import { requireProgram, startXDisplay, type XDisplay } from "../support/x-display.js";
import { Painter } from "../support/x-screen.js";

const SIZE = { width: 640, height: 360 };
const ALIKE_DB = 28;

const isMissing = ["Xvfb", "xdotool", "ffmpeg"].some((name) => requireProgram(name).isMissing);

async function openDisplay(): Promise<XDisplay> {
  const display = await startXDisplay(SIZE);
  onTestFinished(() => display.kill());
  return display;
}

/** One screen that shows a page is shared, and watched in full screen on another one of its size. */
async function watchStillScreen(options: SightlineOptions = {}, extraArguments: readonly string[] = []) {
  const page = wordPage(SIZE.width, SIZE.height);
  const [shared, viewer] = [await openDisplay(), await openDisplay()];
  const painter = new Painter(shared.display, { title: "page", ...SIZE });
  onTestFinished(() => painter.close());
  painter.paint(page.planes[0]!, { y: 0, height: SIZE.height });

  const port = await freePort();
  const share = startSightline("share", ["screen", "--no-pointer", "--to", `127.0.0.1:${port}`], shared);
  await share.event("started");
  const watchArgs = [`:${port}`, "--fullscreen", ...extraArguments];
  const watch = startSightline("watch", watchArgs, { display: viewer.display, ...options });
  await watch.event("first-picture");
  const seen = () => screenPsnr(viewer.display, page);
  await eventually({ look: seen, until: (likeness) => likeness > ALIKE_DB });
  return { page, painter, shared, viewer, share, watch, seen };
}

function press(display: string, key: string): Promise<Buffer> {
  return runProgram("xdotool", ["key", key], { env: { DISPLAY: display } });
}

describe.skipIf(isMissing)("a watched screen", () => {
  it("fills a display without a window manager, follows the screen, and ends by q", async () => {
    const { painter, viewer, share, watch } = await watchStillScreen();
    const next = wordPage(SIZE.width, SIZE.height, 2);
    painter.paint(next.planes[0]!, { y: 0, height: SIZE.height });
    const seen = () => screenPsnr(viewer.display, next);
    await eventually({ look: seen, until: (likeness) => likeness > ALIKE_DB });

    await press(viewer.display, "q");
    expect(await watch.end()).toEqual({ code: 0, signal: null, stderr: "" });
    await share.event("receiver-left");
    expect(await share.interrupt()).toMatchObject({ code: 0, stderr: "" });
  });

  it("is written to a PNG file by s", async () => {
    const folder = temporaryFolder();
    const { page, viewer, watch } = await watchStillScreen({ directory: folder });
    // What the window shows may be sharper than the video's picture, which is still being refined.
    const likeness = async () => {
      await press(viewer.display, "s");
      const { file } = await watch.event("snapshot");
      expect(readdirSync(folder)).toContain(file);
      return psnr(await readPicture(join(folder, file), SIZE), page);
    };
    await eventually({ look: likeness, until: (value) => value > ALIKE_DB });
  });

  it("has figures laid over it by i, and taken away again", async () => {
    const { viewer, seen } = await watchStillScreen();
    await press(viewer.display, "i");
    await eventually({ look: seen, until: (likeness) => likeness < ALIKE_DB - 5 });
    await press(viewer.display, "i");
    await eventually({ look: seen, until: (likeness) => likeness > ALIKE_DB });
  });

  it("stays, with a notice, when the shared display goes; either side says which display it lost", async () => {
    const { shared, viewer, share, watch, seen } = await watchStillScreen();
    await shared.kill();
    expect(await share.end()).toEqual({
      code: 1,
      signal: null,
      stderr: expect.stringMatching(/^sightline: .*(display|X server).*\n$/),
    });
    await watch.event("stream-ended");
    const withNotice = await eventually({ look: seen, until: (likeness) => likeness < ALIKE_DB });
    expect(withNotice).toBeGreaterThan(10);

    await viewer.kill();
    expect(await watch.end()).toEqual({
      code: 1,
      signal: null,
      stderr: expect.stringMatching(/^sightline: .*(display|X server).*\n$/),
    });
  });
});
