import { expect, test } from "vitest";
import { NO_EXTENSIONS } from "../rtp/header-extension.js";
import { type RtpPacket, rtpTimestamp, sequenceNumber } from "../rtp/index.js";
import { later, micros, millis, seconds } from "../time.js";
import { SendHistory } from "./send-history.js";

const START = seconds(1_000);

function packet(sequence: number, size = 1_000): RtpPacket {
  return {
    payloadType: 96,
    marker: false,
    sequenceNumber: sequenceNumber(sequence),
    timestamp: rtpTimestamp(0),
    ssrc: 1,
    extensions: NO_EXTENSIONS,
    payload: new Uint8Array(size),
  };
}

test("packets are found by sequence number, across the wrap", () => {
  const history = new SendHistory();
  for (let i = 65_530; i < 65_546; i++) history.add(START, packet(i));
  expect(history.get(sequenceNumber(65_530))?.packet.sequenceNumber).toBe(65_530);
  expect(history.get(sequenceNumber(9))?.packet.sequenceNumber).toBe(9);
  expect(history.get(sequenceNumber(10))).toBeUndefined();
  expect(history.get(sequenceNumber(65_529))).toBeUndefined();
  expect(history.get(sequenceNumber(30_000))).toBeUndefined();
});

test("an empty history has nothing", () => {
  expect(new SendHistory().get(sequenceNumber(0))).toBeUndefined();
});

test("old packets go when newer ones come, and a still picture stays", () => {
  const history = new SendHistory({ maxAge: seconds(2) });
  for (let i = 0; i < 100; i++) history.add(later(START, millis(100 * i)), packet(i));
  expect(history.packetCount).toBe(21);
  expect(history.get(sequenceNumber(78))).toBeUndefined();
  expect(history.get(sequenceNumber(79))).toBeDefined();
});

test("bytes and count are bounded", () => {
  const bytes = new SendHistory({ maxBytes: 10_000 });
  for (let i = 0; i < 100; i++) bytes.add(START, packet(i));
  expect(bytes.packetCount).toBe(10);
  expect(bytes.byteCount).toBe(10_000);
  const count = new SendHistory();
  for (let i = 0; i < 20_000; i++) count.add(micros(START + i), packet(i, 1));
  expect(count.packetCount).toBe(8_192);
  expect(count.get(sequenceNumber(19_999))).toBeDefined();
});

test("a frame larger than the bound does not break it", () => {
  const history = new SendHistory({ maxBytes: 500 });
  history.add(START, packet(1));
  expect(history.packetCount).toBe(0);
  history.add(START, packet(2, 400));
  expect(history.get(sequenceNumber(2))).toBeDefined();
});

test("a sequence number out of turn starts anew", () => {
  const history = new SendHistory();
  history.add(START, packet(1));
  history.add(START, packet(500));
  expect(history.packetCount).toBe(1);
  expect(history.byteCount).toBe(1_000);
  expect(history.get(sequenceNumber(500))).toBeDefined();
});
