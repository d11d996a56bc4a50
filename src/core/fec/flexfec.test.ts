import { expect, test } from "vitest";
import { type RtpPacket, rtpTimestamp, sequenceNumber } from "../rtp/index.js";
import { createFecEncoder } from "./create-fec.js";
import { FLEXFEC_MAX_SPAN, readFlexFec, writeFlexFec } from "./flexfec.js";

const SSRC = 0x01020304;

function packet(sequence: number, payload: number[], marker = false): RtpPacket {
  return {
    payloadType: 96,
    marker,
    sequenceNumber: sequenceNumber(sequence),
    timestamp: rtpTimestamp(0x0a0b0c0d),
    ssrc: SSRC,
    extensions: [],
    payload: Uint8Array.from(payload),
  };
}

function repairWith(payload: Uint8Array): RtpPacket {
  return { ...packet(1, []), payloadType: 118, payload };
}

test("the XOR of two packets, worked out by hand", () => {
  const encoder = createFecEncoder(
    { scheme: "flexfec-03" },
    { ssrc: 9, payloadType: 118, mediaSsrc: SSRC, firstSequenceNumber: sequenceNumber(5) },
  );
  const [repair] = encoder.protect([packet(0x1234, [0x11, 0x22, 0x33]), packet(0x1235, [0xf0], true)], 1);
  expect(repair).toMatchObject({ ssrc: 9, payloadType: 118, sequenceNumber: 5, marker: false });
  // biome-ignore format: a row for each line of the header
  expect([...repair!.payload]).toEqual([
    0x00, 0x80, 0x00, 0x02, // no P, X, CC; marker 0 ^ 1 and types 96 ^ 96; lengths 3 ^ 1
    0x00, 0x00, 0x00, 0x00, // equal timestamps
    0x01, 0x00, 0x00, 0x00,
    0x01, 0x02, 0x03, 0x04,
    0x12, 0x34, 0xe0, 0x00, // k = 1: the mask ends here; bits 0 and 1
    0xe1, 0x22, 0x33,
  ]);
});

test("masks of one and of two parts, and the bits at their edges", () => {
  const parity = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  for (const offsets of [[0], [0, 14], [0, 15], [0, 3, 14, 15, 16, 44, 45]]) {
    const sequences = offsets.map((offset) => sequenceNumber(65_530 + offset));
    const payload = writeFlexFec(SSRC, sequences, parity);
    expect(payload.length).toBe((offsets.at(-1)! < 15 ? 20 : 24) + 1);
    const factors = new Uint8Array(offsets.length).fill(1);
    expect(readFlexFec(repairWith(payload))).toEqual({ ssrc: SSRC, sequences, factors, parity, remaining: 0 });
  }
});

test("a mask of three parts is read, its k bits not taken for packets", () => {
  const payload = new Uint8Array(33);
  payload[8] = 1;
  payload.set([0x00, 0x01, 0x00, 0x03], 16); // SN base 1; bits 13 and 14
  payload.set([0x40, 0x00, 0x00, 0x01], 20); // bits 15 and 45
  payload.set([0xc0, 0, 0, 0, 0, 0, 0, 0x01], 24); // k, bits 46 and 108
  expect(readFlexFec(repairWith(payload))!.sequences).toEqual([14, 15, 16, 46, 47, 109]);
  expect(readFlexFec(repairWith(payload))!.parity).toEqual(new Uint8Array(9));
});

test("what libwebrtc would not take is not taken", () => {
  const good = writeFlexFec(SSRC, [sequenceNumber(1)], new Uint8Array(10));
  const cases = {
    "retransmission bit": [0, 0x80],
    "fixed mask": [0, 0x40],
    "two streams": [8, 2],
    "no mask bit": [18, 0x80],
    "a mask that does not end": [18, 0x40],
  } as const;
  expect(readFlexFec(repairWith(good))).toBeDefined();
  for (const [at, value] of Object.values(cases)) {
    const payload = good.slice();
    payload[at] = value;
    expect(readFlexFec(repairWith(payload))).toBeUndefined();
  }
  for (let length = 0; length < 20; length++) {
    expect(readFlexFec(repairWith(good.slice(0, length)))).toBeUndefined();
  }
});

test("a large frame is split so that no mask spans more than it may, and a burst takes one of each group", () => {
  const encoder = createFecEncoder(
    { scheme: "flexfec-03" },
    { ssrc: 9, payloadType: 118, mediaSsrc: SSRC, firstSequenceNumber: sequenceNumber(0) },
  );
  const packets = Array.from({ length: 100 }, (_, i) => packet(i, [i]));
  const repairs = encoder.protect(packets, 10).map((repair) => readFlexFec(repair)!.sequences);
  expect(repairs).toHaveLength(10);
  expect(repairs.flat().toSorted((a, b) => a - b)).toEqual(packets.map((each) => each.sequenceNumber));
  for (const sequences of repairs) {
    expect(sequences.at(-1)! - sequences[0]!).toBeLessThan(FLEXFEC_MAX_SPAN);
    expect(sequences[1]! - sequences[0]!).toBeGreaterThanOrEqual(3);
  }
});

test("a small frame that a burst took whole comes back with the next ones' repair packets", () => {
  const encoder = createFecEncoder(
    { scheme: "flexfec-03" },
    { ssrc: 9, payloadType: 118, mediaSsrc: SSRC, firstSequenceNumber: sequenceNumber(0) },
  );
  const frame = (first: number, count: number) => Array.from({ length: count }, (_, i) => packet(first + i, [i]));
  const groups = (packets: RtpPacket[], repairs: number) =>
    encoder.protect(packets, repairs).map((repair) => readFlexFec(repair)!.sequences);
  expect(groups(frame(0, 1), 2)).toEqual([[0]]);
  expect(groups(frame(1, 1), 2)).toEqual([[1], [0]]);
  expect(groups(frame(2, 2), 2)).toEqual([
    [0, 2],
    [1, 3],
  ]);
  expect(groups(frame(4, 1), 1)).toEqual([[1, 2, 3, 4]]);
  expect(groups(frame(5, 30), 1)).toHaveLength(1); // a large one is protected alone …
  expect(groups(frame(35, 1), 1)).toEqual([[35]]); // … and is not protected again
});
