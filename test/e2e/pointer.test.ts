import { describe, expect, it, onTestFinished } from "vitest";
import { PointerPainter } from "../../src/raster/index.js";
import { type PointerState, PointerWatch, XConnection } from "../../src/x11/index.js";
import { isBrowserMissing, useBrowser } from "../support/browser.js";
import { eventually } from "../support/eventually.js";
import { freePort } from "../support/free-port.js";
import { runProgram } from "../support/program.js";
import { startSightline } from "../support/sightline.js";
import { requireProgram, startXDisplay } from "../support/x-display.js";
import { Painter, readScreen, testPixels } from "../support/x-screen.js";

/** Whole blocks of JPEG, so that no codec adds anything. */
const SIZE = { width: 400, height: 304 };
const STRIDE = SIZE.width * 4;
const WHOLE = { y: 0, height: SIZE.height };
/** What coding may change of a plain grey, of 255: less than the pointer does, which is black and white. */
const TOLERANCE = 48;
const GREY = 0x80;

const isMissing = ["Xvfb", "xdotool"].some((name) => requireProgram(name).isMissing);

async function openDisplay(): Promise<string> {
  const display = await startXDisplay(SIZE);
  onTestFinished(() => display.kill());
  return display.display;
}

/** A display that shows a page, with a pointer to move. */
async function openDesk() {
  const display = await openDisplay();
  const painter = new Painter(display, { title: "page", ...SIZE });
  onTestFinished(() => painter.close());
  const connection = new XConnection(display);
  onTestFinished(() => connection.close());
  const watch = PointerWatch.open(connection)!;
  const paint = (pixels: Buffer): Buffer => {
    painter.paint(pixels, WHOLE);
    return pixels;
  };
  const point = async (x: number, y: number): Promise<PointerState> => {
    await runProgram("xdotool", ["mousemove", String(x), String(y)], { env: { DISPLAY: display } });
    const pointer = watch.read()!;
    expect(pointer).toMatchObject({ x, y });
    return pointer;
  };
  return { display, paint, point };
}

/** Shares a display's screen and watches it in the whole of another display. */
async function watchDesk(desk: string, { source = "screen", options = [] as readonly string[] } = {}): Promise<string> {
  const port = await freePort();
  const share = startSightline("share", [source, ...options, "--to", `127.0.0.1:${port}`], { display: desk });
  await share.event("started");
  const display = await openDisplay();
  const watch = startSightline("watch", [`:${port}`, "--fullscreen"], { display });
  await watch.event("first-picture");
  return display;
}

/** A copy of a page with a pointer over it. */
function withPointer(page: Buffer, { x, y, shape }: PointerState): Buffer {
  const pixels = Buffer.from(page);
  new PointerPainter({ pixels, stride: STRIDE, ...SIZE }).paint({ x, y, shape }, { x: 0, y: 0 });
  return pixels;
}

/** The smallest rectangle around the pixels in which a display differs from a page by more than a tolerance. */
function difference(display: string, page: Buffer, tolerance = 0) {
  const { data } = readScreen(display);
  let [left, top, right, bottom] = [SIZE.width, SIZE.height, -1, -1];
  for (let i = 0; i < page.length; i++) {
    if (i % 4 === 3 || Math.abs(data[i]! - page[i]!) <= tolerance) continue;
    const [x, y] = [Math.floor((i % STRIDE) / 4), Math.floor(i / STRIDE)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < 0 ? undefined : { left, top, right, bottom };
}

/** Waits until a display shows these very pixels. */
async function showing(display: string, pixels: Buffer): Promise<void> {
  await eventually({
    look: () => difference(display, pixels),
    until: (rectangle) => rectangle === undefined,
  });
}

/** Waits until a display differs from a plain page by a pointer, wherever else coding changed it a little. */
async function showingPointer(display: string, page: Buffer, { x, y, shape }: PointerState): Promise<void> {
  const [left, top] = [x - shape.hotX, y - shape.hotY];
  await eventually({
    look: () => difference(display, page, TOLERANCE),
    until: (seen) =>
      seen !== undefined &&
      seen.left >= left &&
      seen.right < left + shape.width &&
      seen.top >= top &&
      seen.bottom < top + shape.height,
  });
}

/** For JSON: the page places elements by 1/64 pixels. */
function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value) : value;
}

const browser = useBrowser();

describe.skipIf(isMissing)("the pointer of a watched screen", () => {
  it("lies over the picture in the window, and leaves it as it was", async () => {
    const desk = await openDesk();
    const page = desk.paint(testPixels(SIZE.width, SIZE.height, 1));
    const first = await desk.point(100, 80);
    const window = await watchDesk(desk.display);
    await showing(window, withPointer(page, first));
    await showing(window, withPointer(page, await desk.point(300, 200)));
    const cut = await desk.point(SIZE.width - 1, SIZE.height - 1);
    await showing(window, withPointer(page, cut));
    const next = desk.paint(testPixels(SIZE.width, SIZE.height, 2));
    await showing(window, withPointer(next, cut));
  });

  it("is gone while it is outside of the part that is shared", async () => {
    const desk = await openDesk();
    const page = desk.paint(Buffer.alloc(STRIDE * SIZE.height, GREY));
    const part = { x: 40, y: 30, width: SIZE.width / 2, height: SIZE.height / 2 };
    const inside = await desk.point(part.x + 60, part.y + 40);
    const source = `screen:${part.x},${part.y},${part.width}x${part.height}`;
    const window = await watchDesk(desk.display, { source });
    await showingPointer(window, page, { ...inside, x: 2 * 60, y: 2 * 40 });
    await desk.point(0, 0);
    await showing(window, page);
    await desk.point(inside.x, inside.y);
    await showingPointer(window, page, { ...inside, x: 2 * 60, y: 2 * 40 });
  });

  it("is nowhere if it is not wanted", async () => {
    const desk = await openDesk();
    const page = desk.paint(testPixels(SIZE.width, SIZE.height, 4));
    const window = await watchDesk(desk.display, { options: ["--pointer", "off"] });
    await showing(window, page);
    await desk.point(50, 60);
    await showing(window, desk.paint(testPixels(SIZE.width, SIZE.height, 5)));
  });

  it("is part of the picture if that is wanted", async () => {
    const desk = await openDesk();
    const page = desk.paint(testPixels(SIZE.width, SIZE.height, 6));
    const first = await desk.point(50, 60);
    const window = await watchDesk(desk.display, { options: ["--pointer", "burn"] });
    await showing(window, withPointer(page, first));
    await showing(window, withPointer(page, await desk.point(200, 150)));
  });

  it("is part of the picture for a viewer that cannot draw it", async () => {
    const desk = await openDesk();
    const page = desk.paint(Buffer.alloc(STRIDE * SIZE.height, GREY));
    const pointer = await desk.point(200, 150);
    const window = await watchDesk(desk.display, { options: ["--codec", "mjpeg"] });
    await showingPointer(window, page, pointer);
  });
});

describe.skipIf(isMissing || isBrowserMissing)("the pointer of a shared screen on a page", () => {
  it("is an element of its own that follows it", async () => {
    const desk = await openDesk();
    desk.paint(testPixels(SIZE.width, SIZE.height, 7));
    const first = await desk.point(100, 80);
    const share = startSightline("share", ["screen", "--no-announce"], { display: desk.display });
    const { urls } = await share.event("link");
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(urls.at(-1)!);
    const element = page.locator('canvas[aria-hidden="true"]');
    const place = async () => JSON.stringify(await element.boundingBox(), roundNumbers);
    const placeOf = ({ x, y, shape }: PointerState) =>
      JSON.stringify({ x: x - shape.hotX, y: y - shape.hotY, width: shape.width, height: shape.height });
    await eventually({ look: place, until: (seen) => seen === placeOf(first) });
    const second = await desk.point(300, 200);
    await eventually({ look: place, until: (seen) => seen === placeOf(second) });
  });
});
