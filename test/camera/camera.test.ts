import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Picture } from "../../src/media/picture.js";
import type { ShareEvent } from "../../src/pipeline/index.js";
import { freePort } from "../support/free-port.js";
import { probeVideo, readPicture, temporaryFolder } from "../support/picture-files.js";
import { sample } from "../support/pictures.js";
import { startProgram } from "../support/program.js";
import { startSightline } from "../support/sightline.js";
import { requireProgram } from "../support/x-display.js";

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const SIZE = { width: 640, height: 360 };
/** So many must have come before the camera is pulled out. */
const FRAMES = 30;
/** Programs run some ten times slower there. */
const TIMEOUT_MS = 150_000;

const PROGRAMS = ["qemu-system-x86_64", "busybox", "cpio", "modprobe", "v4l2-ctl", "ffmpeg"];
const isMissing = PROGRAMS.some((name) => requireProgram(name).isMissing);

/** Which of red, green and blue a pixel is made of. */
function colorAt(picture: Picture, x: number, y: number): string {
  const [blue, green, red] = [0, 1, 2].map((byte) => sample(picture, 0, x * 4 + byte, y) > 90);
  return `${red ? "r" : ""}${green ? "g" : ""}${blue ? "b" : ""}`;
}

/** Answers the guest's connection once told to. */
async function openControl(): Promise<{ readonly port: number; unplug(): Promise<void> }> {
  const server = createServer();
  const connected = once(server, "connection");
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const unplug = async () => {
    const [guest] = await connected;
    guest.end("unplug\n");
  };
  return { port: (server.address() as AddressInfo).port, unplug };
}

describe.skipIf(isMissing)("a V4L2 camera", () => {
  it("is found, shared, watched, recorded, and missed when it is unplugged", { timeout: TIMEOUT_MS }, async () => {
    const folder = temporaryFolder();
    const [seen, recording] = [join(folder, "seen.png"), join(folder, "camera.mkv")];
    const port = await freePort();
    const control = await openControl();
    const watch = startSightline("watch", [`:${port}`, "--no-window", "--snapshot", seen, "--record", recording]);
    await watch.event("listening");

    const inside = [script("share-until-unplugged.sh"), String(port), String(control.port)];
    const machine = startProgram(script("with-camera.sh"), inside);
    const failed = machine.ended.then(() => {
      throw new Error(`the camera was never seen:\n${machine.stdout}${machine.stderr}`);
    });
    await Promise.race([failed, watch.event("statistics", ({ framesReceived }) => framesReceived > FRAMES)]);
    failed.catch(() => {}); // from now on it may end
    await control.unplug();
    expect(await machine.ended).toEqual({ code: 1, signal: null });

    const lines = String(machine.stdout).split("\n");
    expect(lines).toContainEqual(expect.stringMatching(/^camera +vivid +\d+x\d+@\d+/));
    const events = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as ShareEvent);
    expect(events[0]).toMatchObject({ kind: "started", source: { kind: "camera", content: "camera", ...SIZE } });
    expect(events.at(-1)).toMatchObject({ kind: "ended", reason: "failed", error: { code: "source-lost" } });
    expect(lines).toContainEqual(expect.stringMatching(/^sightline: .*vivid.* is gone/));

    await watch.event("stream-ended");
    expect(await watch.interrupt()).toMatchObject({ code: 0, stderr: "" });
    const picture = await readPicture(seen, SIZE);
    // The driver's test picture: white, yellow, cyan, green, magenta, red, blue and black bars.
    const bars = Array.from({ length: 8 }, (_, bar) => colorAt(picture, bar * 80 + 40, 340));
    expect(bars).toEqual(["rgb", "rg", "gb", "g", "rb", "r", "b", ""]);
    const video = await probeVideo(recording);
    expect(video).toMatchObject({ codec_name: "h264", width: "640", height: "360" });
    expect(Number(video["nb_read_packets"])).toBeGreaterThan(FRAMES);
  });
});
