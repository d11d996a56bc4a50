import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { requireProgram, startXDisplay, type XDisplay } from "../../../test/support/x-display.js";
import { Painter, readScreen, testPixels, withoutPadding } from "../../../test/support/x-screen.js";
import type { PointerMode, PointerReport } from "./pointer-tracker.js";
import { openX11Screen, type ScreenSpec } from "./screen-x11.js";
import type { CapturedPicture, VideoSource } from "./source.js";

const WIDTH = 320;
const HEIGHT = 240;
const WHOLE = { y: 0, height: HEIGHT };

describe.skipIf(requireProgram("Xvfb").isMissing)("openX11Screen", () => {
  let x: XDisplay;
  let painter: Painter;
  const sources: VideoSource[] = [];
  const savedDisplay = process.env["DISPLAY"];

  beforeAll(async () => {
    x = await startXDisplay({ width: WIDTH, height: HEIGHT });
    painter = new Painter(x.display, { title: "painter", width: WIDTH, height: HEIGHT });
    process.env["DISPLAY"] = x.display;
  });
  afterEach(async () => {
    for (const source of sources.splice(0)) await source.close();
    process.env["DISPLAY"] = x.display;
  });
  afterAll(async () => {
    painter.close();
    await x.kill();
    if (savedDisplay === undefined) delete process.env["DISPLAY"];
    else process.env["DISPLAY"] = savedDisplay;
  });

  async function open(spec: ScreenSpec = { kind: "screen" }, pointer: PointerMode = "off"): Promise<VideoSource> {
    const source = await openX11Screen(spec, { fps: 60, pointer });
    sources.push(source);
    return source;
  }

  function pixelsOf(captured: CapturedPicture | undefined): Buffer {
    return withoutPadding(captured?.picture.planes[0] ?? Buffer.alloc(0));
  }

  it("delivers the screen pixel by pixel", async () => {
    const picture = testPixels(WIDTH, HEIGHT, 1);
    painter.paint(picture, WHOLE);
    const source = await open();
    expect(source.info).toMatchObject({ kind: "screen", width: WIDTH, height: HEIGHT, content: "screen" });
    const captured = await source.next();
    expect(captured?.changed).toBe("all");
    expect(pixelsOf(captured).equals(picture)).toBe(true);
  });

  it("then delivers only what changed", async () => {
    painter.paint(testPixels(WIDTH, HEIGHT, 1), WHOLE);
    const source = await open();
    await source.next();
    const second = testPixels(WIDTH, HEIGHT, 2);
    painter.paint(second, { y: 50, height: 10 });
    const captured = await source.next();
    expect(captured?.changed).toEqual([{ y: 48, height: 16 }]);
    expect(pixelsOf(captured).equals(readScreen(x.display).data)).toBe(true);
  });

  it("delivers nothing when the same pixels are drawn again", async () => {
    const picture = testPixels(WIDTH, HEIGHT, 3);
    painter.paint(picture, WHOLE);
    const source = await open();
    await source.next();
    painter.paint(picture, WHOLE);
    const next = source.next();
    painter.paint(testPixels(WIDTH, HEIGHT, 4), { y: 200, height: 40 });
    expect((await next)?.changed).toEqual([{ y: 192, height: 48 }]);
  });

  it("delivers a region, cut to an even size, and only its own changes", async () => {
    painter.paint(testPixels(WIDTH, HEIGHT, 5), WHOLE);
    const source = await open({ kind: "screen", region: { x: 100, y: 32, width: 65, height: 47 } });
    expect(source.info).toMatchObject({ width: 64, height: 46 });
    const captured = await source.next();
    const screen = readScreen(x.display).data;
    for (let row = 0; row < 46; row++) {
      const start = ((32 + row) * WIDTH + 100) * 4;
      const expected = screen.subarray(start, start + 64 * 4);
      expect(
        pixelsOf(captured)
          .subarray(row * 256, row * 256 + 256)
          .equals(expected),
      ).toBe(true);
    }
    const next = source.next();
    painter.paint(testPixels(WIDTH, HEIGHT, 6), { y: 100, height: 100 });
    painter.paint(testPixels(WIDTH, HEIGHT, 6), { y: 64, height: 1 });
    expect((await next)?.changed).toEqual([{ y: 32, height: 14 }]);
  });

  it("paints the pointer, which Xvfb shows in the middle, unless told not to", async () => {
    painter.paint(testPixels(WIDTH, HEIGHT, 7), WHOLE);
    const plain = pixelsOf(await (await open()).next());
    const painted = pixelsOf(await (await open({ kind: "screen" }, "burn")).next());
    const rows = Array.from({ length: HEIGHT }, (_, y) => y).filter(
      (y) => plain.compare(painted, y * WIDTH * 4, (y + 1) * WIDTH * 4, y * WIDTH * 4, (y + 1) * WIDTH * 4) !== 0,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(Math.min(...rows)).toBeGreaterThan(HEIGHT / 2 - 32);
    expect(Math.max(...rows)).toBeLessThan(HEIGHT / 2 + 32);
  });

  it("shows what is there after changes of everything and of parts in turn, with the pointer over it", async () => {
    painter.paint(testPixels(WIDTH, HEIGHT, 8), WHOLE);
    const source = await open({ kind: "screen" }, "burn");
    await source.next();
    const middle = { y: HEIGHT / 2, height: 16 };
    for (const [seed, rows] of [WHOLE, middle, WHOLE, WHOLE, { y: 16, height: 16 }, middle].entries()) {
      painter.paint(testPixels(WIDTH, HEIGHT, 20 + seed), rows);
      const captured = await source.next();
      const anew = await (await open({ kind: "screen" }, "burn")).next();
      expect(pixelsOf(captured).equals(pixelsOf(anew))).toBe(true);
    }
  });

  it("reports the streamed pointer at once, and never paints it", async () => {
    painter.paint(testPixels(WIDTH, HEIGHT, 7), WHOLE);
    const plain = pixelsOf(await (await open()).next());
    const reports: PointerReport[] = [];
    const region = { x: 10, y: 20, width: 300, height: 200 };
    const onPointer = (report: PointerReport) => reports.push(report);
    const source = await openX11Screen({ kind: "screen" }, { fps: 60, pointer: "stream", onPointer });
    const part = await openX11Screen({ kind: "screen", region }, { fps: 60, pointer: "stream", onPointer });
    sources.push(source, part);
    expect(pixelsOf(await source.next()).equals(plain)).toBe(true);
    await part.next();
    expect(reports).toMatchObject([
      { x: WIDTH / 2, y: HEIGHT / 2, visible: true },
      { x: WIDTH / 2 - 10, y: HEIGHT / 2 - 20, visible: true },
    ]);
    const next = source.next();
    source.setPointerMode?.("burn");
    expect(pixelsOf(await next).equals(plain)).toBe(false);
    const again = source.next();
    source.setPointerMode?.("stream");
    expect(pixelsOf(await again).equals(plain)).toBe(true);
  });

  it("does not take the pointer for a change of what is beneath it", async () => {
    const picture = testPixels(WIDTH, HEIGHT, 8);
    painter.paint(picture, WHOLE);
    const source = await open({ kind: "screen" }, "burn");
    const first = pixelsOf(await source.next());
    painter.paint(picture, { y: 100, height: 40 });
    const next = source.next();
    painter.paint(testPixels(WIDTH, HEIGHT, 9), { y: 0, height: 16 });
    const captured = await next;
    expect(captured?.changed).toEqual([{ y: 0, height: 16 }]);
    expect(
      pixelsOf(captured)
        .subarray(WIDTH * 4 * 16)
        .equals(first.subarray(WIDTH * 4 * 16)),
    ).toBe(true);
  });

  it("ends a pending wait when it is closed", async () => {
    const source = await open();
    await source.next();
    const next = source.next();
    await source.close();
    expect(await next).toBeUndefined();
  });

  it("says which screens there are", async () => {
    await expect(open({ kind: "screen", index: 7 })).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining("the screens are 0 to 0"),
    });
    await expect(open({ kind: "screen", region: { x: 900, y: 0, width: 20, height: 20 } })).rejects.toMatchObject({
      code: "invalid-argument",
    });
  });

  it("says when there is no display", async () => {
    process.env["DISPLAY"] = ":9876";
    await expect(open()).rejects.toMatchObject({ code: "not-found", message: expect.stringContaining(":9876") });
  });

  it("reports a display that goes away", async () => {
    const other = await startXDisplay({ width: 64, height: 64 });
    process.env["DISPLAY"] = other.display;
    const source = await open();
    await source.next();
    const lost = expect(source.next()).rejects.toMatchObject({ code: "source-lost" });
    await other.kill();
    await lost;
  });

  it.each(["MIT-SHM", "DAMAGE", "XFIXES"])("works without the extension %s", async (extension) => {
    const other = await startXDisplay({ width: 64, height: 64, extraArguments: ["-extension", extension] });
    process.env["DISPLAY"] = other.display;
    const otherPainter = new Painter(other.display, { title: "painter", width: 64, height: 64 });
    const source = await open();
    await source.next();
    otherPainter.paint(testPixels(64, 64, 1), { y: 16, height: 32 });
    const captured = await source.next();
    expect(captured?.changed).toEqual([{ y: 16, height: 32 }]);
    expect(pixelsOf(captured).equals(readScreen(other.display).data)).toBe(true);
    await source.close();
    otherPainter.close();
    await other.kill();
  });
});
