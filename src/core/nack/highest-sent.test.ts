import { expect, test } from "vitest";
import { parseRtcp, serializeRtcp, type UnknownRtcp } from "../rtcp/index.js";
import { sequenceNumber } from "../rtp/index.js";
import { fromApplicationPacket, toApplicationPacket } from "./highest-sent.js";

const HIGHEST = { ssrc: 0xdead_beef, sequenceNumber: sequenceNumber(0xfffe) };

test("the announcement is an APP packet of four words", () => {
  expect([...serializeRtcp([toApplicationPacket(HIGHEST)])]).toEqual([
    0x80, 204, 0, 3, 0xde, 0xad, 0xbe, 0xef, 0x53, 0x4c, 0x68, 0x73, 0, 0, 0xff, 0xfe,
  ]);
});

test("it is read back from the wire", () => {
  const [packet] = parseRtcp(serializeRtcp([toApplicationPacket(HIGHEST)]))!;
  expect(fromApplicationPacket(packet as UnknownRtcp)).toEqual(HIGHEST);
});

test("other applications' packets are not taken for it", () => {
  const packet = toApplicationPacket(HIGHEST);
  expect(fromApplicationPacket({ ...packet, packetType: 205 })).toBeUndefined();
  expect(fromApplicationPacket({ ...packet, count: 1 })).toBeUndefined();
  expect(fromApplicationPacket({ ...packet, body: packet.body.subarray(0, 8) })).toBeUndefined();
  expect(fromApplicationPacket({ ...packet, body: new Uint8Array(12) })).toBeUndefined();
});
