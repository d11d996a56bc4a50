import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.js";
import { freePort } from "../support/free-port.js";
import { readPicture, temporaryFolder, wordPage } from "../support/picture-files.js";
import { psnr } from "../support/pictures.js";
import { startPrivateNetwork } from "../support/private-network.js";
import { runProgram, startProgram } from "../support/program.js";
import { startSightline } from "../support/sightline.js";
import { requireProgram } from "../support/x-display.js";

const SIZE = { width: 320, height: 240 };
const [FPS, BITRATE_KBPS] = [25, 2_000];
const ALIKE_DB = 26;

const isFfmpegMissing = requireProgram("ffmpeg").isMissing;
const isGstreamerMissing = requireProgram("gst-launch-1.0").isMissing;
const isMulticastMissing = ["unshare", "nsenter", "ip"].some((name) => requireProgram(name).isMissing);

/** What makes ffmpeg and GStreamer send a codec so that a receiver needs nothing but the payload type. */
const FFMPEG_CODECS = {
  h264: ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", String(FPS)],
  jpeg: ["-c:v", "mjpeg", "-huffman", "default", "-q:v", "2", "-pix_fmt", "yuvj420p"],
};
const GSTREAMER_CODECS = {
  h264: [
    ...["video/x-raw,format=I420", "!", "x264enc", "tune=zerolatency", `key-int-max=${FPS}`, `bitrate=${BITRATE_KBPS}`],
    ...["!", "rtph264pay", "pt=96", "config-interval=-1"],
  ],
  // JPEGs have the full range (JFIF); jpegenc takes what it gets for that.
  jpeg: ["video/x-raw,format=I420,colorimetry=1:4:7:1", "!", "jpegenc", "quality=95", "!", "rtpjpegpay", "pt=26"],
};
const codecs = [{ codec: "h264" as const }, { codec: "jpeg" as const }];

/** The same page again and again, as raw video. */
function pageFile(): { readonly file: string; readonly page: ReturnType<typeof wordPage> } {
  const page = wordPage(SIZE.width, SIZE.height);
  const file = join(temporaryFolder(), "page.bgrx");
  writeFileSync(file, page.planes[0]!);
  return { file, page };
}

function ffmpegArgs(file: string, output: readonly string[]): string[] {
  const raw = ["-f", "rawvideo", "-pix_fmt", "bgr0", "-s", `${SIZE.width}x${SIZE.height}`, "-r", String(FPS)];
  const input = ["-v", "error", "-re", "-stream_loop", "-1", ...raw, "-i", file];
  return [...input, "-b:v", `${BITRATE_KBPS}k`, ...output];
}

function gstreamerArgs(file: string, output: readonly string[]): string[] {
  const caps = `video/x-raw,format=BGRx,width=${SIZE.width},height=${SIZE.height},framerate=${FPS}/1`;
  const input = ["-q", "multifilesrc", `location=${file}`, "loop=true", `caps=${caps}`, "!", "videoconvert"];
  return [...input, "!", ...output];
}

/** What `sightline watch` shows first of a target. */
async function firstPicture(target: string, within: readonly string[] = []) {
  const file = join(temporaryFolder(), "seen.png");
  const watch = startSightline("watch", [target, "--no-window", "--snapshot", file], { within });
  const { codec } = await watch.event("stream-started");
  expect(await watch.end()).toEqual({ code: 0, signal: null, stderr: "" });
  return { codec, picture: await readPicture(file, SIZE) };
}

describe.skipIf(isFfmpegMissing)("a stream that ffmpeg sends", () => {
  it.each(codecs)("is shown without a description: $codec", async ({ codec }) => {
    const { file, page } = pageFile();
    const port = await freePort();
    startProgram("ffmpeg", ffmpegArgs(file, [...FFMPEG_CODECS[codec], "-f", "rtp", `rtp://127.0.0.1:${port}`]));
    const seen = await firstPicture(`:${port}`);
    expect(seen.codec).toBe(codec);
    expect(psnr(seen.picture, page)).toBeGreaterThan(ALIKE_DB);
  });

  // Its own choices: frames that are coded out of order, and parameter sets nowhere but in the description.
  it.each([
    { codec: "h264", choices: ["-c:v", "libx264", "-g", "25", "-flags", "+global_header"] },
    { codec: "jpeg", choices: FFMPEG_CODECS.jpeg },
  ])("is shown by the SDP file that it writes: $codec", async ({ codec, choices }) => {
    const { file, page } = pageFile();
    const sdp = join(temporaryFolder(), "ffmpeg.sdp");
    const output = ["-sdp_file", sdp, "-f", "rtp", `rtp://127.0.0.1:${await freePort()}`];
    startProgram("ffmpeg", ffmpegArgs(file, [...choices, ...output]));
    await eventually({
      look: () => runProgram("find", [sdp, "-size", "+0"]).catch(() => ""),
      until: (x) => x.length > 0,
    });
    const seen = await firstPicture(sdp);
    expect(seen.codec).toBe(codec);
    expect(psnr(seen.picture, page)).toBeGreaterThan(ALIKE_DB);
  });

  it.skipIf(isMulticastMissing)("is shown from a multicast group", async () => {
    const { file, page } = pageFile();
    const { within } = await startPrivateNetwork();
    const [first = "", ...before] = within;
    const group = `239.255.42.2:${await freePort()}`;
    const output = [...FFMPEG_CODECS.h264, "-f", "rtp", `rtp://${group}`];
    startProgram(first, [...before, "ffmpeg", ...ffmpegArgs(file, output)]);
    expect(psnr((await firstPicture(group, within)).picture, page)).toBeGreaterThan(ALIKE_DB);
  });
});

describe.skipIf(isGstreamerMissing || isFfmpegMissing)("a stream that GStreamer sends", () => {
  it.each(codecs)("is shown without a description: $codec", async ({ codec }) => {
    const { file, page } = pageFile();
    const port = await freePort();
    const output = [...GSTREAMER_CODECS[codec], "!", "udpsink", "host=127.0.0.1", `port=${port}`];
    startProgram("gst-launch-1.0", gstreamerArgs(file, output));
    const seen = await firstPicture(`:${port}`);
    expect(seen.codec).toBe(codec);
    expect(psnr(seen.picture, page)).toBeGreaterThan(ALIKE_DB);
  });
});
