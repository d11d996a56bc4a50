import { expect, test } from "vitest";
import { FiguresMeter, readCounters, type StreamCounters } from "./figures.js";

const START: StreamCounters = {
  timestamp: 1_000,
  bytesReceived: 0,
  packetsReceived: 0,
  packetsLost: 0,
  packetsRepaired: 0,
  framesDecoded: 0,
  freezeCount: 0,
  width: 1920,
  height: 1080,
  codec: "H.264",
};

test("rates over the time between the samples", () => {
  const meter = new FiguresMeter();
  expect(meter.update(START)).toBeUndefined();
  const later = {
    timestamp: 3_000,
    bytesReceived: 500_000,
    packetsReceived: 475,
    packetsLost: 25,
    packetsRepaired: 40,
  };
  expect(meter.update({ ...START, ...later, framesDecoded: 60 })).toEqual({
    framesPerSecond: 30,
    bitrateBps: 2e6,
    loss: 0.05,
    repaired: 25,
    freezes: 0,
    width: 1920,
    height: 1080,
    codec: "H.264",
  });
});

test("old samples leave the window, and a new session begins anew", () => {
  const meter = new FiguresMeter();
  const at = (second: number, bytesReceived: number) => ({ ...START, timestamp: second * 1_000, bytesReceived });
  meter.update(at(0, 1e9));
  for (let second = 1; second <= 5; second++) meter.update(at(second, 1e9));
  expect(meter.update(at(6, 1e9))?.bitrateBps).toBe(0);
  expect(meter.update(at(7, 10))).toBeUndefined();
});

test("reads the counters of the video and names its codec", () => {
  const inbound = {
    type: "inbound-rtp",
    id: "I",
    trackIdentifier: "T",
    codecId: "C",
    timestamp: 7,
    bytesReceived: 5,
    packetsLost: 1,
  };
  const codec = { type: "codec", id: "C", mimeType: "video/H264", sdpFmtpLine: "profile-level-id=f4001f" };
  const counters = readCounters([codec, { ...inbound, trackIdentifier: "stills", bytesReceived: 9 }, inbound], "T");
  expect(counters).toMatchObject({
    timestamp: 7,
    bytesReceived: 5,
    packetsLost: 1,
    framesDecoded: 0,
    codec: "H.264 4:4:4",
  });
  expect(readCounters([codec], "T")).toBeUndefined();
});
