import { expect, test } from "vitest";
import { parseRtpPacket, type RtpPacket, rtpTimestamp, sequenceNumber, serializeRtpPacket } from "../rtp/index.js";
import { unwrapRtx, wrapRtx } from "./rtx.js";

const ORIGINAL: RtpPacket = {
  payloadType: 96,
  marker: true,
  sequenceNumber: sequenceNumber(0xabcd),
  timestamp: rtpTimestamp(123_456),
  ssrc: 0x1111_1111,
  extensions: [{ id: 4, data: Uint8Array.of(1, 2, 3) }],
  payload: Uint8Array.of(9, 8, 7),
};

test("a retransmission carries the original sequence number before the payload", () => {
  const rtx = wrapRtx(ORIGINAL, { ssrc: 0x2222_2222, payloadType: 97, sequenceNumber: sequenceNumber(7) });
  expect(rtx).toMatchObject({
    ssrc: 0x2222_2222,
    payloadType: 97,
    sequenceNumber: 7,
    timestamp: 123_456,
    marker: true,
  });
  expect([...rtx.payload]).toEqual([0xab, 0xcd, 9, 8, 7]);
});

test("what was wrapped comes out as it was, over the wire", () => {
  const rtx = wrapRtx(ORIGINAL, { ssrc: 0x2222_2222, payloadType: 97, sequenceNumber: sequenceNumber(7) });
  const received = parseRtpPacket(serializeRtpPacket(rtx))!;
  expect(unwrapRtx(received, ORIGINAL)).toEqual(ORIGINAL);
});

test("padding on the retransmission stream repeats nothing", () => {
  expect(unwrapRtx({ ...ORIGINAL, payload: new Uint8Array(0) }, ORIGINAL)).toBeUndefined();
  expect(unwrapRtx({ ...ORIGINAL, payload: new Uint8Array(1) }, ORIGINAL)).toBeUndefined();
});
