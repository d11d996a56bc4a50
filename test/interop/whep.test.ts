import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../support/eventually.js";
import { readPicture, temporaryFolder, wordPage } from "../support/picture-files.js";
import { psnr } from "../support/pictures.js";
import { type Program, startProgram } from "../support/program.js";
import { startSightline } from "../support/sightline.js";
import { requireLibrary, requireProgram, startXDisplay } from "../support/x-display.js";
import { Painter } from "../support/x-screen.js";

const PEER = fileURLToPath(new URL("./peers/whep_viewer.py", import.meta.url));
/** Debian's, which its GStreamer belongs to; another one may come first in the path. */
const PYTHON = "/usr/bin/python3";
const SIZE = { width: 320, height: 240 };
/** The page as it was, but for the coding of its colours at half resolution. */
const ALIKE_DB = 28;
/** What libwebrtc without H.264 offers. */
const OFFER_WITHOUT_H264 = readFileSync(new URL("../fuzz/offers/wrtc.sdp", import.meta.url), "utf8");

const isMissing =
  requireProgram("Xvfb").isMissing ||
  requireLibrary("GStreamer's WebRTC for Python", () => {
    const imports = "import gi; gi.require_version('GstWebRTC', '1.0'); from gi.repository import GstWebRTC";
    const nice = spawnSync("gst-inspect-1.0", ["nicesrc"], { stdio: "ignore" });
    if (nice.status !== 0 || spawnSync(PYTHON, ["-c", imports]).status !== 0) throw new Error("missing");
  }).isMissing;

/** A page of words on a screen that is shared by a link; a token is in the endpoint's URL. */
async function sharePage() {
  const page = wordPage(SIZE.width, SIZE.height);
  const screen = await startXDisplay(SIZE);
  onTestFinished(() => screen.kill());
  const painter = new Painter(screen.display, { title: "page", ...SIZE });
  onTestFinished(() => painter.close());
  painter.paint(page.planes[0]!, { y: 0, height: SIZE.height });
  const args = ["screen", "--no-pointer", "--no-announce"];
  const share = startSightline("share", args, { display: screen.display });
  const { urls } = await share.event("link");
  const { stream } = await share.event("started");
  const endpoint = new URL(urls.at(-1)!);
  endpoint.pathname = `/whep/${stream}`;
  return { page, share, endpoint: endpoint.href };
}

function told(peer: Program): Record<string, unknown>[] {
  const lines = String(peer.stdout).trim().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe.skipIf(isMissing)("a WHEP player of other makers", () => {
  it("shows the picture, and ends its session", async () => {
    const { page, share, endpoint } = await sharePage();
    const file = join(temporaryFolder(), "seen.png");
    const peer = startProgram(PYTHON, [PEER, endpoint, file]);
    await share.event("viewer-joined");
    await eventually({ look: () => existsSync(file), until: (isThere) => isThere });
    peer.kill("SIGTERM");
    await peer.success();
    expect(told(peer)).toEqual([
      { status: 201, type: "application/sdp", etag: expect.stringMatching(/^"[\x21-\x7e]+"$/) },
      { connection: "connecting" },
      { connection: "connected" },
      { ended: 200 },
    ]);
    await share.event("viewer-left");
    expect(psnr(await readPicture(file, SIZE), page)).toBeGreaterThan(ALIKE_DB);
  });

  it("is told when there is no codec in common, or no access", async () => {
    const { endpoint } = await sharePage();
    const offer = { method: "POST", headers: { "Content-Type": "application/sdp" }, body: OFFER_WITHOUT_H264 };
    const refused = await fetch(endpoint, offer);
    expect(refused.status).toBe(422);
    expect(await refused.json()).toEqual({ status: 422, title: expect.stringContaining("VP8") });
    const peer = startProgram(PYTHON, [PEER, endpoint.replace(/token=./, "token=!"), "unused.png"]);
    await eventually({ look: () => told(peer), until: (lines) => lines.length > 0 });
    expect(told(peer)).toEqual([{ status: 401, type: null, etag: null }]);
  });
});
