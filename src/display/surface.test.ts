import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { requireLibrary, requireProgram, startXDisplay, type XDisplay } from "../../test/support/x-display.js";
import { readScreen, testPixels } from "../../test/support/x-screen.js";
import { EventMask, listWindows, XConnection } from "../x11/index.js";
import { sdl } from "./sdl.js";
import { openSdlWindow } from "./sdl-window.js";
import { clipBands, type Surface, type SurfaceEvent, type SurfaceOptions } from "./surface.js";
import { openX11Window } from "./x11-window.js";

const WIDTH = 640;
const HEIGHT = 480;
const KEY_PRESS = 2;
const CLIENT_MESSAGE = 33;

describe("clipBands", () => {
  it("leaves out what lies outside", () => {
    const bands = [
      { y: -8, height: 16 },
      { y: 90, height: 16 },
      { y: 100, height: 16 },
    ];
    expect(clipBands(bands, 100)).toEqual([
      { y: 0, height: 8 },
      { y: 90, height: 10 },
    ]);
  });
});

const backends: [string, (options: SurfaceOptions) => Surface][] = [["openX11Window", openX11Window]];
if (!requireLibrary("libSDL2", sdl).isMissing) backends.push(["openSdlWindow", openSdlWindow]);

describe.skipIf(requireProgram("Xvfb").isMissing).each(backends)("%s", (name, openWindow) => {
  let x: XDisplay;
  let surface: Surface;
  // Without a window manager SDL leaves its windows as they are.
  const itOnX11 = it.skipIf(name !== "openX11Window");
  const saved = { DISPLAY: process.env["DISPLAY"], SDL_VIDEODRIVER: process.env["SDL_VIDEODRIVER"] };

  beforeAll(async () => {
    x = await startXDisplay({ width: WIDTH, height: HEIGHT });
    process.env["DISPLAY"] = x.display;
    process.env["SDL_VIDEODRIVER"] = "x11";
  });
  afterEach(() => surface?.close());
  afterAll(async () => {
    for (const [key, value] of Object.entries(saved)) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
    await x.kill();
  });

  /** Polls until an event of this kind comes. */
  async function waitFor(kind: SurfaceEvent["kind"]): Promise<SurfaceEvent> {
    for (;;) {
      const event = surface.poll().find((candidate) => candidate.kind === kind);
      if (event) return event;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Shows a picture until the screen shows it. */
  async function showUntilSeen(picture: Buffer): Promise<void> {
    for (;;) {
      surface.poll();
      picture.copy(surface.pixels);
      surface.present([{ y: 0, height: surface.height }]);
      if (readScreen(x.display).data.equals(picture)) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  itOnX11("covers the whole screen exactly", async () => {
    surface = openWindow({ title: "full", width: 320, height: 240, fullscreen: true });
    expect([surface.width, surface.height, surface.stride]).toEqual([WIDTH, HEIGHT, WIDTH * 4]);
    await showUntilSeen(testPixels(WIDTH, HEIGHT, 1));
  });

  it("shows only the rows that are presented", async () => {
    surface = openWindow({ title: "rows", width: WIDTH, height: HEIGHT, fullscreen: false });
    const first = testPixels(WIDTH, HEIGHT, 1);
    await showUntilSeen(first);
    const second = testPixels(WIDTH, HEIGHT, 2);
    second.copy(surface.pixels);
    surface.present([
      { y: 16, height: 16 },
      { y: 464, height: 100 },
    ]);
    const expected = Buffer.concat([
      first.subarray(0, 16 * WIDTH * 4),
      second.subarray(16 * WIDTH * 4, 32 * WIDTH * 4),
      first.subarray(32 * WIDTH * 4, 464 * WIDTH * 4),
      second.subarray(464 * WIDTH * 4),
    ]);
    await expect.poll(() => readScreen(x.display).data.equals(expected)).toBe(true);
  });

  it("scales a window that is larger than the screen", () => {
    surface = openWindow({ title: "large", width: 1280, height: 480, fullscreen: false });
    expect(surface.width).toBeLessThanOrEqual(WIDTH);
    expect(surface.width / surface.height).toBeCloseTo(1280 / 480, 1);
  });

  itOnX11("goes to full screen and back", async () => {
    surface = openWindow({ title: "toggle", width: 320, height: 240, fullscreen: false });
    surface.setFullscreen(true);
    await waitFor("resize");
    expect([surface.width, surface.height]).toEqual([WIDTH, HEIGHT]);
    surface.setFullscreen(false);
    await waitFor("resize");
    expect([surface.width, surface.height]).toEqual([320, 240]);
    expect(surface.pixels.length).toBe(320 * 240 * 4);
  });

  it("reports keys, and the wish to close", async () => {
    surface = openWindow({ title: "keys", width: 320, height: 240, fullscreen: false });
    const other = new XConnection(x.display);
    const window = await expect
      .poll(() => listWindows(other).find(({ title }) => title === "keys")?.window)
      .toBeDefined()
      .then(() => listWindows(other).find(({ title }) => title === "keys")?.window ?? 0);
    const F_KEYCODE = 41;
    other.xlib.XSendEvent(other.display, window, 1, EventMask.KeyPress, keyPress(window, F_KEYCODE));
    other.sync();
    expect(await waitFor("key")).toEqual({ kind: "key", key: "f" });
    const request = closeRequest(window, other.atom("WM_PROTOCOLS"), other.atom("WM_DELETE_WINDOW"));
    other.xlib.XSendEvent(other.display, window, 0, 0, request);
    other.sync();
    await waitFor("close");
    other.close();
    surface.close();
    surface.close();
    surface.present([{ y: 0, height: 16 }]);
    expect(surface.poll()).toEqual([]);
  });
});

describe.skipIf(requireProgram("Xvfb").isMissing)("openX11Window", () => {
  it.each([
    ["shared memory", []],
    ["a remote display", ["-extension", "MIT-SHM"]],
  ])("survives a display that goes away (%s)", async (_, extraArguments) => {
    const saved = process.env["DISPLAY"];
    const x = await startXDisplay({ width: 64, height: 64, extraArguments });
    process.env["DISPLAY"] = x.display;
    const surface = openX11Window({ title: "lost", width: 64, height: 64, fullscreen: true });
    const picture = testPixels(64, 64, 1);
    picture.copy(surface.pixels);
    surface.present([{ y: 0, height: 64 }]);
    await expect.poll(() => readScreen(x.display).data.equals(picture)).toBe(true);
    await x.kill();
    surface.present([{ y: 0, height: 64 }]);
    surface.present([{ y: 0, height: 64 }]);
    expect(surface.poll()).toContainEqual({ kind: "lost", error: expect.objectContaining({ code: "source-lost" }) });
    surface.pixels.fill(1);
    expect(surface.poll()).toEqual([]);
    if (saved === undefined) delete process.env["DISPLAY"];
    else process.env["DISPLAY"] = saved;
  });
});

/** `XKeyEvent` of 64-bit Xlib: type at 0, window at 32, keycode at 84. */
function keyPress(window: number, keycode: number): Buffer {
  const event = Buffer.alloc(192);
  event.writeInt32LE(KEY_PRESS, 0);
  event.writeUInt32LE(window, 32);
  event.writeUInt32LE(keycode, 84);
  return event;
}

/** `XClientMessageEvent` of 64-bit Xlib: type at 0, window at 32, message type at 40, format at 48, data at 56. */
function closeRequest(window: number, protocols: number, deleteWindow: number): Buffer {
  const event = Buffer.alloc(192);
  event.writeInt32LE(CLIENT_MESSAGE, 0);
  event.writeUInt32LE(window, 32);
  event.writeUInt32LE(protocols, 40);
  event.writeInt32LE(32, 48);
  event.writeUInt32LE(deleteWindow, 56);
  return event;
}
