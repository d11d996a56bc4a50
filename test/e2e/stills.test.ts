import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../support/eventually.js";
import { freePort } from "../support/free-port.js";
import { startSightline } from "../support/sightline.js";
import { requireProgram, startXDisplay, type XDisplay } from "../support/x-display.js";
import { Painter, readScreen, testPixels } from "../support/x-screen.js";

/** The last tiles are cut, and each pixel differs from its neighbours: no video shows that as it is. */
const SIZE = { width: 600, height: 330 };

const isMissing = requireProgram("Xvfb").isMissing;

async function openDisplay(): Promise<XDisplay> {
  const display = await startXDisplay(SIZE);
  onTestFinished(() => display.kill());
  return display;
}

async function openPainter() {
  const display = await openDisplay();
  const painter = new Painter(display.display, { title: "page", ...SIZE });
  onTestFinished(() => painter.close());
  const paint = (seed: number, rows = { y: 0, height: SIZE.height }) => {
    const pixels = testPixels(SIZE.width, SIZE.height, seed);
    painter.paint(pixels, rows);
    return pixels;
  };
  return { display: display.display, paint };
}

/** Waits until a display shows these very pixels. */
function showing({ display }: XDisplay, pixels: Buffer): Promise<unknown> {
  const differing = () => {
    const { data } = readScreen(display);
    let count = 0;
    for (let i = 0; i < pixels.length; i += 4) if (data.readUInt32LE(i) !== pixels.readUInt32LE(i)) count++;
    return count;
  };
  return eventually({ look: differing, until: (count) => count === 0 });
}

describe.skipIf(isMissing)("a screen that is still", () => {
  it("is seen bit for bit in the window, after each change, and by one who comes late", async () => {
    const source = await openPainter();
    const first = source.paint(1);
    const port = await freePort();
    const shareArgs = ["screen", "--no-pointer", "--to", `127.0.0.1:${port}`];
    await startSightline("share", shareArgs, { display: source.display }).event("started");
    const viewer = await openDisplay();
    const watch = startSightline("watch", [`:${port}`, "--fullscreen"], { display: viewer.display });
    await watch.event("first-picture");
    await showing(viewer, first);

    const second = Buffer.from(first);
    const rows = { y: 128, height: 70 };
    source
      .paint(2, rows)
      .copy(second, rows.y * SIZE.width * 4, rows.y * SIZE.width * 4, (rows.y + rows.height) * SIZE.width * 4);
    await showing(viewer, second);
    await watch.interrupt();

    const late = await openDisplay();
    startSightline("watch", [`:${port}`, "--fullscreen"], { display: late.display });
    await showing(late, second);
  });

  it("is seen bit for bit by a link", async () => {
    const source = await openPainter();
    const page = source.paint(3);
    const share = startSightline("share", ["screen", "--no-pointer", "--no-announce"], { display: source.display });
    const { urls } = await share.event("link");
    const viewer = await openDisplay();
    const url = urls.at(-1)!;
    startSightline("watch", [url, "--fullscreen"], { display: viewer.display });
    await showing(viewer, page);
    expect((await share.interrupt()).code).toBe(0);
  });
});
