import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.js";
import { freePort } from "../support/free-port.js";
import { readPicture, temporaryFolder } from "../support/picture-files.js";
import { runProgram, startProgram } from "../support/program.js";
import { startSightline } from "../support/sightline.js";
import { requireProgram } from "../support/x-display.js";

const SIZE = { width: 320, height: 240 };
const isFfmpegMissing = requireProgram("ffmpeg").isMissing;
const isGstreamerMissing = requireProgram("gst-launch-1.0").isMissing;

/** A description of a stream that comes to this machine, with its key. */
function describeStream(port: number, suite: string, keyAndSalt: Buffer): string {
  const file = join(temporaryFolder(), "stream.sdp");
  const lines = [
    ...["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", `m=video ${port} RTP/SAVP 96`],
    ...["a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1"],
    `a=crypto:1 ${suite} inline:${keyAndSalt.toString("base64")}`,
  ];
  writeFileSync(file, `${lines.join("\r\n")}\r\n`);
  return file;
}

async function expectPicture(sdp: string): Promise<void> {
  const watch = startSightline("watch", [sdp, "--no-window", "--snapshot", join(temporaryFolder(), "seen.png")]);
  expect(await watch.event("first-picture")).toMatchObject(SIZE);
  expect(await watch.end()).toMatchObject({ code: 0 });
}

it.skipIf(isFfmpegMissing)("ffmpeg plays an encrypted share by its description, and so does watch", async () => {
  const sdp = join(temporaryFolder(), "share.sdp");
  const to = `127.0.0.1:${await freePort()}`;
  const size = `${SIZE.width}x${SIZE.height}`;
  startSightline("share", ["test", "--size", size, "--to", to, "--sdp", sdp, "--key", "four random words"]);
  const find = () => runProgram("find", [sdp, "-size", "+0", "-perm", "600"]).catch(() => "");
  await eventually({ look: find, until: (found) => found.length > 0 });
  const picture = join(temporaryFolder(), "ffmpeg.png");
  const input = ["-v", "error", "-protocol_whitelist", "file,udp,rtp,srtp", "-i", sdp];
  await runProgram("ffmpeg", [...input, "-frames:v", "1", "-update", "1", picture]);
  await readPicture(picture, SIZE);
  await expectPicture(sdp);
});

describe("an encrypted stream is shown by a description that has its key", () => {
  it.skipIf(isFfmpegMissing)("from ffmpeg: AES_CM_128_HMAC_SHA1_80", async () => {
    const [port, key] = [await freePort(), randomBytes(30)];
    const source = ["-v", "error", "-re", "-f", "lavfi", "-i", `testsrc=size=${SIZE.width}x${SIZE.height}:rate=25`];
    const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25", "-f", "rtp"];
    const encryption = ["-srtp_out_suite", "AES_CM_128_HMAC_SHA1_80", "-srtp_out_params", key.toString("base64")];
    startProgram("ffmpeg", [...source, ...coding, ...encryption, `srtp://127.0.0.1:${port}`]);
    await expectPicture(describeStream(port, "AES_CM_128_HMAC_SHA1_80", key));
  });

  it.skipIf(isGstreamerMissing)("from GStreamer: AEAD_AES_128_GCM", async () => {
    const [port, key] = [await freePort(), randomBytes(28)];
    const caps = `video/x-raw,format=I420,width=${SIZE.width},height=${SIZE.height},framerate=25/1`;
    const source = ["-q", "videotestsrc", "is-live=true", "!", caps, "!", "x264enc", "tune=zerolatency"];
    const coding = ["key-int-max=25", "!", "rtph264pay", "pt=96", "config-interval=-1"];
    const ciphers = ["rtp-cipher=aes-128-gcm", "rtcp-cipher=aes-128-gcm", "rtp-auth=null", "rtcp-auth=null"];
    const encryption = ["!", "srtpenc", `key=${key.toString("hex")}`, ...ciphers];
    startProgram("gst-launch-1.0", [
      ...[...source, ...coding, ...encryption],
      ...["!", "udpsink", "host=127.0.0.1", `port=${port}`],
    ]);
    await expectPicture(describeStream(port, "AEAD_AES_128_GCM", key));
  });
});
