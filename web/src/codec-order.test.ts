import { expect, test } from "vitest";
import { type CodecCapability, preferredCodecs } from "./codec-order.js";

const h264 = (profile: string, mode = 1): CodecCapability => ({
  mimeType: "video/H264",
  sdpFmtpLine: `level-asymmetry-allowed=1;packetization-mode=${mode};profile-level-id=${profile}`,
});

test("full colour first, then the other H.264 that may be split, then the browser's own order", () => {
  const [vp8, rtx, fec] = ["VP8", "rtx", "flexfec-03"].map((name) => ({ mimeType: `video/${name}` }));
  const codecs = [vp8!, rtx!, h264("42e01f"), h264("f4001f", 0), h264("f4001f"), fec!];
  expect(preferredCodecs(codecs)).toEqual([h264("f4001f"), h264("42e01f"), vp8, rtx, h264("f4001f", 0), fec]);
});
