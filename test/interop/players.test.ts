import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../support/eventually.js";
import { freePort } from "../support/free-port.js";
import { readPicture, screenPsnr, temporaryFolder, wordPage } from "../support/picture-files.js";
import { psnr } from "../support/pictures.js";
import { startPrivateNetwork } from "../support/private-network.js";
import { runProgram, startProgram } from "../support/program.js";
import { startSightline } from "../support/sightline.js";
import { requireProgram, startXDisplay } from "../support/x-display.js";
import { Painter } from "../support/x-screen.js";

const SIZE = { width: 320, height: 240 };
/** The page as it was, but for the coding of its colours at half resolution. */
const ALIKE_DB = 28;

const PROGRAMS = ["Xvfb", "ffmpeg", "ffplay", "gst-launch-1.0"];
const isMissing = PROGRAMS.some((name) => requireProgram(name).isMissing);
const isMulticastMissing = ["unshare", "nsenter", "ip"].some((name) => requireProgram(name).isMissing);

const GROUP = "239.255.42.1";
const DEPAYLOADERS = {
  h264: ["rtph264depay", "wait-for-keyframe=true", "!", "avdec_h264"],
  mjpeg: ["rtpjpegdepay", "!", "jpegdec"],
};
const FFMPEG_INPUT = ["-v", "error", "-protocol_whitelist", "file,udp,rtp", "-i"];

/** A screen that never changes is shared: who comes late sees nothing but what is sent for latecomers. */
async function shareStillScreen(codec: string, multicast: boolean) {
  const page = wordPage(SIZE.width, SIZE.height);
  const screen = await startXDisplay(SIZE);
  onTestFinished(() => screen.kill());
  const painter = new Painter(screen.display, { title: "page", ...SIZE });
  onTestFinished(() => painter.close());
  painter.paint(page.planes[0]!, { y: 0, height: SIZE.height });

  const { within } = multicast ? await startPrivateNetwork() : { within: [] };
  const sdp = join(temporaryFolder(), "screen.sdp");
  const to = `${multicast ? GROUP : "127.0.0.1"}:${await freePort()}`;
  const args = ["screen", "--no-pointer", "--codec", codec, "--to", to, "--sdp", sdp];
  const share = startSightline("share", args, { display: screen.display, within });
  await share.event("statistics", ({ targets }) => targets[0]!.packetsSent > 0);
  await eventually({ look: () => readSdp(sdp), until: (text) => text.endsWith("\n") });
  return { page, sdp, share, within };
}

async function readSdp(file: string): Promise<string> {
  return String(await runProgram("cat", [file]));
}

const ways = [false, true].flatMap((multicast) =>
  (["h264", "mjpeg"] as const).map((codec) => ({ codec, multicast, way: multicast ? "multicast" : "unicast" })),
);

describe.skipIf(isMissing).each(ways)("a shared screen, $codec by $way", ({ codec, multicast }) => {
  it.skipIf(multicast && isMulticastMissing)("is played by ffmpeg, GStreamer and ffplay that come late", async () => {
    const { page, sdp, within, share } = await shareStillScreen(codec, multicast);
    const [first = "env", ...before] = within;

    const viewer = await startXDisplay(SIZE);
    onTestFinished(() => viewer.kill());
    const ffplayArgs = [...FFMPEG_INPUT, sdp, "-fs"];
    const ffplay = startProgram(first, [...before, "ffplay", ...ffplayArgs], { env: { DISPLAY: viewer.display } });
    const seen = () => screenPsnr(viewer.display, page);
    await eventually({ look: seen, until: (likeness) => likeness > ALIKE_DB });
    await ffplay.stop();

    const byFfmpeg = join(temporaryFolder(), "ffmpeg.png");
    await runProgram(first, [...before, "ffmpeg", ...FFMPEG_INPUT, sdp, "-frames:v", "1", "-update", "1", byFfmpeg]);
    expect(psnr(await readPicture(byFfmpeg, SIZE), page)).toBeGreaterThan(ALIKE_DB);

    const byGstreamer = join(temporaryFolder(), "gstreamer.png");
    const pipeline = ["filesrc", `location=${sdp}`, "!", "sdpdemux", "!", ...DEPAYLOADERS[codec], "!", "videoconvert"];
    const output = ["!", "pngenc", "snapshot=true", "!", "filesink", `location=${byGstreamer}`];
    await runProgram(first, [...before, "gst-launch-1.0", "-q", ...pipeline, ...output]);
    expect(psnr(await readPicture(byGstreamer, SIZE), page)).toBeGreaterThan(ALIKE_DB);

    expect(share.events.filter(({ kind }) => kind === "warning")).toEqual([]);
    expect(await share.interrupt()).toMatchObject({ code: 0, stderr: "" });
  });
});
