import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { writePng } from "../../src/media/snapshot.js";
import { eventually } from "../support/eventually.js";
import { freePort } from "../support/free-port.js";
import { readPicture, temporaryFolder, wordPage } from "../support/picture-files.js";
import { psnr } from "../support/pictures.js";
import { type Program, startProgram } from "../support/program.js";
import { startSightline } from "../support/sightline.js";
import { requireLibrary, requireProgram, startXDisplay } from "../support/x-display.js";
import { Painter } from "../support/x-screen.js";

const PEER = fileURLToPath(new URL("./peers/jpeg_peer.py", import.meta.url));
/** Debian's, which its packages of OpenCV and Pillow belong to; another one may come first in the path. */
const PYTHON = "/usr/bin/python3";
/** What a UDP datagram carries over IPv4. */
const MAX_DATAGRAM_BYTES = 65_507;
/** More than fits a datagram as a JPEG of good quality. */
const SCREEN = { width: 1920, height: 1080 };

const isMissing =
  requireProgram("Xvfb").isMissing ||
  requireLibrary("Python's OpenCV and Pillow", () => {
    if (spawnSync(PYTHON, ["-c", "import cv2, numpy, PIL.Image"]).status !== 0) throw new Error("missing");
  }).isMissing;

interface ReceivedJpeg {
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly pillow: readonly number[];
  readonly opencv: readonly number[];
}

function lines(program: Program): ReceivedJpeg[] {
  const [, ...received] = String(program.stdout).trim().split("\n");
  return received.map((line) => JSON.parse(line) as ReceivedJpeg);
}

/** A screen that shows pages of small words, another one at every call of `turn`. */
async function screenOfPages() {
  const screen = await startXDisplay(SCREEN);
  onTestFinished(() => screen.kill());
  const painter = new Painter(screen.display, { title: "pages", ...SCREEN });
  onTestFinished(() => painter.close());
  let seed = 0;
  const turn = () => {
    const page = wordPage(SCREEN.width, SCREEN.height, ++seed);
    painter.paint(page.planes[0]!, { y: 0, height: SCREEN.height });
  };
  return { display: screen.display, turn };
}

describe.skipIf(isMissing)("a Python program with one JPEG a datagram", () => {
  it("reads every picture of a shared screen, though a page of text hardly fits", async () => {
    const { display, turn } = await screenOfPages();
    turn();
    const port = await freePort();
    const folder = temporaryFolder();
    const count = 6;
    const peer = startProgram(PYTHON, [PEER, "receive", String(port), String(count)], { directory: folder });
    await eventually({ look: () => peer.stdout.length, until: (length) => length > 0 });

    const share = startSightline("share", ["screen", "--no-pointer", "--to", `jpeg://127.0.0.1:${port}`], { display });
    for (let shown = 1; shown < count; shown++) {
      await eventually({ look: () => lines(peer).length, until: (received) => received >= shown });
      turn();
    }
    await peer.success();
    const received = lines(peer);
    expect(received).toHaveLength(count);
    for (const { bytes, width, height, pillow, opencv } of received) {
      expect(bytes).toBeLessThanOrEqual(MAX_DATAGRAM_BYTES);
      expect(width / height).toBeCloseTo(SCREEN.width / SCREEN.height, 1);
      expect(pillow.map(Math.round)).toEqual(opencv.map(Math.round));
    }
    expect(await share.interrupt()).toMatchObject({ code: 0, stderr: "" });
  });

  it("is watched", async () => {
    const size = { width: 320, height: 240 };
    const page = wordPage(size.width, size.height);
    const folder = temporaryFolder();
    const [sent, seen] = [join(folder, "sent.png"), join(folder, "seen.png")];
    await writePng(page, sent);
    const port = await freePort();
    startProgram(PYTHON, [PEER, "send", String(port), sent]);
    const watch = startSightline("watch", [`jpeg://:${port}`, "--no-window", "--snapshot", seen]);
    expect(await watch.event("stream-started")).toMatchObject({ codec: "jpeg" });
    expect(await watch.end()).toEqual({ code: 0, signal: null, stderr: "" });
    expect(psnr(await readPicture(seen, size), page)).toBeGreaterThan(26);
  });
});
