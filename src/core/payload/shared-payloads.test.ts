import { expect, test } from "vitest";
import { TestFrames } from "../../../lab/endpoints/test-frames.js";
import { seconds } from "../time.js";
import { createPacketizer } from "./codecs.js";

test("senders of one frame share its payloads, those of another size or frame do not", () => {
  const frames = new TestFrames(1);
  const [frame, other] = [1, 2].map(() => frames.make({ captureTime: seconds(1), keyframe: true, size: 5_000 }));
  const payloads = createPacketizer("h264").packetize(frame!, 1_200);
  expect(createPacketizer("h264").packetize(frame!, 1_200)).toBe(payloads);
  expect(createPacketizer("h264").packetize(frame!, 700)).not.toEqual(payloads);
  expect(createPacketizer("h264").packetize(other!, 1_200)).not.toEqual(payloads);
});
