import { expect, test } from "vitest";
import { micros, parseSessionDescription } from "../core/index.js";
import { describeRtpTarget } from "./session-description.js";

const START_CODE = [0, 0, 0, 1];
const SPS = [0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x01];
const PPS = [0x68, 0xcb, 0x83];
const IDR = [0x65, 0x88, 0x84];

test("an H.264 target is described with the parameter sets of its keyframe", () => {
  const data = Uint8Array.from([SPS, PPS, IDR].flatMap((nal) => [...START_CODE, ...nal]));
  const keyframe = { codec: "h264", data, keyframe: true, captureTime: micros(0) } as const;
  const text = describeRtpTarget({ protocol: "rtp", address: "239.1.2.3:5004", multicast: true }, keyframe, "screen");
  const { name, connection, media } = parseSessionDescription(text);
  expect({ name, connection }).toMatchObject({
    name: "screen",
    connection: { address: "239.1.2.3", isMulticast: true },
  });
  expect(media).toMatchObject([
    { port: 5004, codec: "h264", payloadType: 96, rtxPayloadType: 97, rtcpMux: true, clockRate: 90_000 },
  ]);
  expect(media[0]?.formatParameters).toEqual({
    "packetization-mode": "1",
    "profile-level-id": "42c01e",
    "sprop-parameter-sets": `${Buffer.from(SPS).toString("base64")},${Buffer.from(PPS).toString("base64")}`,
  });
});

test("a JPEG target needs no parameters", () => {
  const keyframe = { codec: "jpeg", data: new Uint8Array(4), keyframe: true, captureTime: micros(0) } as const;
  const text = describeRtpTarget({ protocol: "rtp", address: "[::1]:5004", multicast: false }, keyframe, "camera");
  expect(parseSessionDescription(text)).toMatchObject({
    connection: { address: "::1", isMulticast: false },
    media: [{ codec: "jpeg", payloadType: 26, formatParameters: {} }],
  });
});
