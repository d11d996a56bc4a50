import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { requireProgram, startXDisplay, type XDisplay } from "../../../test/support/x-display.js";
import { Painter, testPixels, withoutPadding } from "../../../test/support/x-screen.js";
import type { VideoSource } from "./source.js";
import { openX11Window } from "./window-x11.js";

const OPTIONS = { fps: 60, pointer: "off" } as const;
const WHOLE = { y: 0, height: 48 };

describe.skipIf(requireProgram("Xvfb").isMissing)("openX11Window", () => {
  let x: XDisplay;
  let shared: Painter;
  let source: VideoSource;
  const savedDisplay = process.env["DISPLAY"];

  beforeAll(async () => {
    x = await startXDisplay({ width: 320, height: 240 });
    process.env["DISPLAY"] = x.display;
  });
  afterEach(async () => {
    await source?.close();
    shared?.close();
  });
  afterAll(async () => {
    await x.kill();
    if (savedDisplay === undefined) delete process.env["DISPLAY"];
    else process.env["DISPLAY"] = savedDisplay;
  });

  async function share(): Promise<Buffer> {
    shared = new Painter(x.display, { title: "A Window of Words", width: 64, height: 48 });
    shared.place(30, 40, 64, 48);
    const picture = testPixels(64, 48, 1);
    shared.paint(picture, WHOLE);
    source = await openX11Window("window of", OPTIONS);
    return picture;
  }

  function pixelsOf(captured: Awaited<ReturnType<VideoSource["next"]>>): Buffer {
    return withoutPadding(captured?.picture.planes[0] ?? Buffer.alloc(0));
  }

  it("finds the window by a part of its title, and delivers it pixel by pixel", async () => {
    const picture = await share();
    expect(source.info).toMatchObject({ kind: "window", name: "A Window of Words", width: 64, height: 48 });
    expect(pixelsOf(await source.next()).equals(picture)).toBe(true);
  });

  it("delivers what another window covers", async () => {
    await share();
    await source.next();
    const cover = new Painter(x.display, { title: "cover", width: 320, height: 240 });
    cover.paint(testPixels(320, 240, 2), { y: 0, height: 240 });
    const picture = testPixels(64, 48, 3);
    shared.paint(picture, WHOLE);
    expect(pixelsOf(await source.next()).equals(picture)).toBe(true);
    cover.close();
  });

  it("changes the size with the window's", async () => {
    await share();
    await source.next();
    shared.place(30, 40, 101, 81);
    const captured = await source.next();
    expect(captured?.changed).toBe("all");
    expect(captured?.picture).toMatchObject({ width: 100, height: 80 });
  });

  it("pauses while the window is hidden", async () => {
    await share();
    await source.next();
    shared.connection.xlib.XUnmapWindow(shared.connection.display, shared.window.id);
    shared.connection.sync();
    const next = source.next();
    shared.window.show(false);
    expect((await next)?.changed).toBe("all");
  });

  it("reports that the window was closed", async () => {
    await share();
    await source.next();
    const lost = expect(source.next()).rejects.toMatchObject({ code: "source-lost" });
    shared.window.close();
    await lost;
  });

  it("names the windows that are there if none fits", async () => {
    await share();
    await expect(openX11Window("nowhere", OPTIONS)).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining('"A Window of Words"'),
    });
  });
});
