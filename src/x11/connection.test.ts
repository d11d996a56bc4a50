import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireProgram, startXDisplay, type XDisplay } from "../../test/support/x-display.js";
import { XConnection } from "./connection.js";
import { createServerImage } from "./create-image.js";
import { listMonitors, rootArea } from "./monitors.js";

describe.skipIf(requireProgram("Xvfb").isMissing)("XConnection", () => {
  let x: XDisplay;

  beforeEach(async () => {
    x = await startXDisplay({ width: 64, height: 48 });
  });
  afterEach(async () => {
    await x.kill();
  });

  it("knows the screen", () => {
    const connection = new XConnection(x.display);
    expect(rootArea(connection)).toEqual({ x: 0, y: 0, width: 64, height: 48, border: 0 });
    expect(listMonitors(connection)).toEqual([{ x: 0, y: 0, width: 64, height: 48 }]);
    connection.close();
  });

  it("says which display does not answer", () => {
    expect(() => new XConnection(":9876")).toThrow(/display :9876 does not answer/);
  });

  it("takes note of refused requests instead of ending the process", () => {
    const connection = new XConnection(x.display);
    const BAD_WINDOW = 3;
    const NO_WINDOW = 0x1fff_fff0;
    const error = connection.attempt(() => connection.xlib.XUnmapWindow(connection.display, NO_WINDOW));
    expect(error?.code).toBe(BAD_WINDOW);
    expect(connection.takeError()).toBeUndefined();
    expect(connection.lost).toBe(false);
    connection.close();
  });

  it("notices that the server is gone, and stays usable", async () => {
    const connection = new XConnection(x.display);
    const image = createServerImage(connection, { width: 64, height: 48 });
    const readable = new Promise<void>((resolve) => connection.onReadable(resolve));
    await x.kill();
    await readable;
    expect(connection.pollEvent()).toBeUndefined();
    expect(connection.lost).toBe(true);
    expect(image.get(connection.root, { x: 0, y: 0 }, { y: 0, height: 48 })).toBe(false);
    connection.sync();
    image.close();
    image.pixels.fill(1);
    connection.close();
  });

  it("tells connections apart", async () => {
    const other = await startXDisplay({ width: 64, height: 48 });
    const [first, second] = [new XConnection(x.display), new XConnection(other.display)];
    await other.kill();
    second.sync();
    expect([first.lost, second.lost]).toEqual([false, true]);
    second.close();
    first.close();
  });
});
