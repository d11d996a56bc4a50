import { expect, test } from "vitest";
import { createFecEncoder } from "../fec/index.js";
import { type RtpPacket, rtpTimestamp, sequenceNumber } from "../rtp/index.js";
import { later, millis, seconds } from "../time.js";
import { StreamProtection } from "./stream-protection.js";

const START = seconds(1_700_000_000);
const MEDIA_SSRC = 7;

function setUp() {
  const encoder = createFecEncoder(
    { scheme: "reed-solomon" },
    { ssrc: 8, payloadType: 118, mediaSsrc: MEDIA_SSRC, firstSequenceNumber: sequenceNumber(0) },
  );
  const packets: RtpPacket[] = [0, 1, 2, 3].map((i) => ({
    payloadType: 96,
    marker: i === 3,
    sequenceNumber: sequenceNumber(65_534 + i),
    timestamp: rtpTimestamp(90),
    ssrc: MEDIA_SSRC,
    extensions: [],
    payload: new Uint8Array([i, i, i]),
  }));
  const protection = new StreamProtection({ mediaSsrc: MEDIA_SSRC, transportSequenceNumber: 3 });
  return { packets, repairs: encoder.protect(packets, 2), protection };
}

test("lost packets are rebuilt, and how far was sent is known", () => {
  const { packets, repairs, protection } = setUp();
  for (const packet of packets.slice(0, 2)) expect(protection.onMedia(packet)).toEqual([]);
  expect(protection.onRepair(START, repairs[0]!)).toEqual([]);
  expect(protection.highestSent).toBe(packets[3]!.sequenceNumber);
  expect(protection.onRepair(START, repairs[1]!)).toEqual(packets.slice(2));
  expect(protection.stats()).toMatchObject({ packetsRecovered: 2, repairPacketsReceived: 2 });
});

test("a packet need not be asked for while repair packets for it are to come, but not for long", () => {
  const { packets, repairs, protection } = setUp();
  protection.onMedia(packets[0]!);
  expect(protection.isRepairExpected(START, packets[1]!.sequenceNumber)).toBe(false);
  protection.onRepair(START, repairs[0]!);
  expect(protection.isRepairExpected(START, packets[1]!.sequenceNumber)).toBe(true);
  expect(protection.isRepairExpected(later(START, millis(2_000)), packets[1]!.sequenceNumber)).toBe(false);
});

test("a stream that counts anew begins without what was known", () => {
  const { packets, repairs, protection } = setUp();
  protection.onMedia(packets[0]!);
  protection.onRepair(START, repairs[0]!);
  protection.reset();
  expect(protection.highestSent).toBeUndefined();
  expect(protection.isActive(START)).toBe(false);
});
