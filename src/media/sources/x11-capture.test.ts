import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { requireProgram, startXDisplay, type XDisplay } from "../../../test/support/x-display.js";
import { Painter, testPixels } from "../../../test/support/x-screen.js";
import { now } from "../../clock/index.js";
import { XConnection } from "../../x11/index.js";
import { type CaptureTarget, X11Capture } from "./x11-capture.js";

const SIZE = { width: 64, height: 48 };
const RECTANGLE = { x: 0, y: 0, ...SIZE };
/** A slot is over before the next thing happens. */
const FPS = 1_000;
const TWO_SLOTS_US = 2_000;

describe.skipIf(requireProgram("Xvfb").isMissing)("X11Capture", () => {
  let x: XDisplay;
  let painter: Painter;
  let connection: XConnection;

  beforeEach(async () => {
    x = await startXDisplay(SIZE);
    painter = new Painter(x.display, { title: "painter", ...SIZE });
    connection = new XConnection(x.display);
  });
  afterEach(async () => {
    vi.useRealTimers();
    painter.close();
    await x.kill();
  });

  it("captures what is drawn while it asks for the pointer", async () => {
    let draw: (() => void) | undefined;
    const target: CaptureTarget = {
      info: { kind: "screen", name: "screen", content: "screen" },
      watched: connection.root,
      locate: () => ({ drawable: connection.root, rectangle: RECTANGLE, damageOrigin: RECTANGLE }),
      rootOrigin: () => {
        draw?.();
        return { x: 0, y: 0 };
      },
      handleEvent: () => false,
      close: () => {},
    };
    const capture = new X11Capture(connection, target, { fps: FPS, pointer: "stream" });
    await capture.next();
    const slotOver = now() + TWO_SLOTS_US;
    while (now() < slotOver) painter.connection.sync();

    draw = () => {
      painter.paint(testPixels(SIZE.width, SIZE.height, 1), { y: 16, height: 16 });
      connection.sync(); // the answer takes the announcement along: the socket has nothing left to wake anybody with
      draw = undefined;
    };
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }); // no later question for the pointer finds it
    capture.setPointerMode("stream"); // it asks again
    expect((await capture.next())?.changed).toEqual([{ y: 16, height: 16 }]);
    await capture.close();
  });
});
