import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../support/free-port.js";
import { type Sightline, startSightline } from "../support/sightline.js";
import { requireProgram, startXDisplay } from "../support/x-display.js";

const isDisplayMissing = requireProgram("Xvfb").isMissing;

/** The process that a command of ours has put its native code into, by what it runs. */
function childOf(sightline: Sightline<"share" | "watch">, script: string): number {
  const { pid } = sightline.program;
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const found = pids.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(script));
  expect(found).toHaveLength(1);
  return Number(found[0]);
}

async function shareAndWatch(display?: string) {
  const port = await freePort();
  const share = startSightline("share", ["test", "--size", "320x240", "--to", `127.0.0.1:${port}`]);
  await share.event("started");
  const outputs = display === undefined ? ["--no-window", "--frames", "/dev/null"] : [];
  const watch = startSightline("watch", [`:${port}`, ...outputs], { display });
  await watch.event("first-picture");
  return { share, watch, port };
}

describe("a running pair", () => {
  it("survives the death of the process that captures and encodes", async () => {
    const { share, watch } = await shareAndWatch();
    process.kill(childOf(share, "media/process"), "SIGKILL");
    expect(await share.event("encoder-restarted")).toMatchObject({ reason: expect.stringContaining("SIGKILL") });
    watch.forget();
    await watch.event("statistics", ({ shownFps }) => shownFps > 20);
    expect(await watch.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
    expect(await share.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
  });

  it.skipIf(isDisplayMissing)("survives the death of the process that decodes and shows", async () => {
    const viewer = await startXDisplay({ width: 640, height: 480 });
    onTestFinished(() => viewer.kill());
    const { watch } = await shareAndWatch(viewer.display);
    watch.forget();
    process.kill(childOf(watch, "viewer"), "SIGKILL");
    expect(await watch.event("viewer-restarted")).toMatchObject({ reason: expect.stringContaining("SIGKILL") });
    await watch.event("first-picture");
    expect(await watch.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
  });

  it("ends when that process dies and all it did was to write a file", async () => {
    const { watch } = await shareAndWatch();
    process.kill(childOf(watch, "viewer"), "SIGKILL");
    expect(await watch.end()).toEqual({
      code: 1,
      signal: null,
      stderr: expect.stringMatching(/^sightline: .*SIGKILL.*\/dev\/null may be cut short\n$/),
    });
  });

  it("shows a picture at once to a watcher that is killed and started again", async () => {
    const { share, watch, port } = await shareAndWatch();
    share.forget();
    watch.program.kill("SIGKILL");
    await watch.end();
    const again = startSightline("watch", [`:${port}`, "--no-window", "--frames", "/dev/null"]);
    await again.event("first-picture");
    await again.event("statistics", ({ shownFps }) => shownFps > 20);
    expect(await again.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
    expect(await share.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
  });

  it("goes on with the next sharer when the first one ends or dies", async () => {
    const { share, watch, port } = await shareAndWatch();
    await share.interrupt();
    await watch.event("stream-ended");

    const shareAgain = () => startSightline("share", ["test", "--size", "480x360", "--to", `127.0.0.1:${port}`]);
    watch.forget();
    const second = shareAgain();
    await watch.event("stream-started");
    await watch.event("statistics", ({ shownFps }) => shownFps > 20);

    second.program.kill("SIGKILL");
    await watch.event("stream-silent");
    watch.forget();
    shareAgain();
    await watch.event("statistics", ({ shownFps }) => shownFps > 20);
    expect(await watch.interrupt()).toEqual({ code: 0, signal: null, stderr: "" });
  });
});
