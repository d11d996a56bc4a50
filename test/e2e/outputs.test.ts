import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../support/free-port.js";
import { probeVideo, temporaryFolder } from "../support/picture-files.js";
import { startProgram } from "../support/program.js";
import { startSightline } from "../support/sightline.js";
import { requireProgram } from "../support/x-display.js";

const [WIDTH, HEIGHT, FPS] = [320, 240, 30];
const FRAME_BYTES = (WIDTH * HEIGHT * 3) / 2;

const isFfmpegMissing = requireProgram("ffmpeg").isMissing;

/** The test pattern on its way to a port. */
async function shareTestPattern() {
  const port = await freePort();
  const size = `${WIDTH}x${HEIGHT}`;
  const share = startSightline("share", ["test", "--size", size, "--fps", String(FPS), "--to", `127.0.0.1:${port}`]);
  await share.event("started");
  return { port, share };
}

describe("the outputs of watch", () => {
  it.skipIf(isFfmpegMissing).each(["mkv", "mp4"])("record what came, as %s, until Ctrl-C", async (suffix) => {
    const file = join(temporaryFolder(), `talk.${suffix}`);
    const { port, share } = await shareTestPattern();
    const watch = startSightline("watch", [`:${port}`, "--no-window", "--record", file]);
    const { framesReceived } = await watch.event("statistics", (statistics) => statistics.framesReceived > 2 * FPS);
    expect(await watch.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
    expect(watch.events.at(-1)).toEqual({ kind: "ended", reason: "closed" });

    const video = await probeVideo(file);
    expect(video).toMatchObject({ codec_name: "h264", width: String(WIDTH), height: String(HEIGHT) });
    const frames = Number(video["nb_read_packets"]);
    expect(frames).toBeGreaterThanOrEqual(framesReceived - 1);
    expect(Math.abs(Number(video["duration"]) - frames / FPS)).toBeLessThan(0.2);
    await startProgram("ffmpeg", ["-v", "error", "-xerror", "-i", file, "-f", "null", "-"]).success();
    expect(await share.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
    expect(share.events.at(-1)).toEqual({ kind: "ended", reason: "closed" });
  });

  it("give raw pictures on standard output until the reader goes", async () => {
    const { port } = await shareTestPattern();
    const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
    const watch = spawn(process.execPath, [main, "watch", `:${port}`, "--no-window", "--frames", "-", "--quiet"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void watch.kill("SIGKILL"));
    const ended = new Promise((resolve) => watch.once("exit", (code) => resolve(code)));
    let data = Buffer.alloc(0);
    for await (const piece of watch.stdout) {
      data = Buffer.concat([data, piece as Buffer]);
      if (data.length >= 3 * FRAME_BYTES) break; // and closes the pipe
    }
    expect(await ended).toBe(0);
    // In the first picture as in the third: the second bar from the left, yellow by BT.709.
    for (const start of [0, 2 * FRAME_BYTES]) expect(yuvAt(data.subarray(start), 70, 20)).toEqual(YELLOW);
  });

  it("give raw pictures in a file, whole ones only", async () => {
    const file = join(temporaryFolder(), "frames.yuv");
    const { port } = await shareTestPattern();
    const watch = startSightline("watch", [`:${port}`, "--no-window", "--frames", file]);
    await watch.event("statistics", ({ framesReceived }) => framesReceived > FPS);
    expect(await watch.interrupt()).toMatchObject({ code: 0, stderr: "" });
    const data = readFileSync(file);
    expect(data.length % FRAME_BYTES).toBe(0);
    expect(data.length / FRAME_BYTES).toBeGreaterThan(FPS);
  });
});

/** Of 0xbfbf00: near enough for any encoder. */
const near = (value: number) => expect.toSatisfy((seen: number) => Math.abs(seen - value) <= 3, `about ${value}`);
const YELLOW = { y: near(168), u: near(44), v: near(136) };

/** A pixel of a packed yuv420p picture. */
function yuvAt(data: Buffer, x: number, y: number) {
  const chroma = WIDTH * HEIGHT + ((y >> 1) * WIDTH) / 2 + (x >> 1);
  return { y: data[y * WIDTH + x], u: data[chroma], v: data[chroma + (WIDTH * HEIGHT) / 4] };
}
