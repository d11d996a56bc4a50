import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SightlineError } from "../errors.js";
import { sequenceNumber } from "../rtp/sequence-number.js";
import { type Micros, micros, millis, seconds } from "../time.js";
import { parseRtcp, serializeRtcp } from "./compound.js";
import { encodeStatusChunks, parseStatusChunks } from "./packet-status.js";
import type { TransportFeedback } from "./transport-feedback.js";

const FIXED = [0, 0, 0, 1, 0, 0, 0, 2];
const REFERENCE = seconds(64); // 1000 steps of 64 ms

function feedback(base: number, arrivals: (Micros | undefined)[], referenceTime = REFERENCE): TransportFeedback {
  return {
    kind: "transport-feedback",
    senderSsrc: 1,
    mediaSsrc: 2,
    baseSequenceNumber: sequenceNumber(base),
    feedbackCount: 9,
    referenceTime,
    packets: arrivals.map((arrival, i) => ({ sequenceNumber: sequenceNumber(base + i), arrival })),
  };
}

/** Points in time so many steps of 250 µs after the reference time. */
const after = (...steps: (number | undefined)[]) =>
  steps.map((step) => (step === undefined ? undefined : micros(REFERENCE + step * 250)));

function parse(...bytes: number[]): TransportFeedback | undefined {
  const [packet] = parseRtcp(Uint8Array.from(bytes)) ?? [];
  return packet?.kind === "transport-feedback" ? packet : undefined;
}

const VECTORS = [
  {
    name: "a run of small deltas",
    bytes: [
      ...[0x8f, 205, 0, 6, ...FIXED],
      ...[0x00, 0x05, 0x00, 0x03], // base 5, 3 packets
      ...[0x00, 0x03, 0xe8, 0x09], // reference time 1000, feedback 9
      ...[0x20, 0x03, 0x00, 0x04, 0xff, 0x00, 0, 0], // run of 3; deltas 0, 4, 255; padding
    ],
    message: feedback(5, after(0, 4, 259)),
  },
  {
    name: "a run of lost packets between, over the wrap",
    bytes: [
      ...[0x8f, 205, 0, 6, ...FIXED],
      ...[0xff, 0xff, 0x00, 0x04],
      ...[0x00, 0x03, 0xe8, 0x09],
      ...[0xa4, 0x00, 0x08, 0x02, 0, 0, 0, 0], // 1-bit vector: 1001
    ],
    message: feedback(65_535, after(8, undefined, undefined, 10)),
  },
  {
    name: "large and negative deltas in a two-bit vector",
    bytes: [
      ...[0x8f, 205, 0, 7, ...FIXED],
      ...[0x00, 0x05, 0x00, 0x04],
      ...[0x00, 0x03, 0xe8, 0x09],
      ...[0xd8, 0x80, 0x01, 0x01, 0x00, 0xff, 0xff, 0, 0, 0, 0, 0], // 1, 2, 0, 2
    ],
    message: feedback(5, after(1, 257, undefined, 256)),
  },
  {
    name: "nothing",
    bytes: [0x8f, 205, 0, 4, ...FIXED, 0x00, 0x05, 0x00, 0x00, 0x00, 0x03, 0xe8, 0x09],
    message: feedback(5, []),
  },
];

describe("parseTransportFeedback", () => {
  it.each(VECTORS)("reads $name", ({ bytes, message }) => {
    expect(parse(...bytes)).toEqual(message);
  });

  it("reads what a browser pads by less than a word", () => {
    const [{ bytes, message }] = VECTORS as [(typeof VECTORS)[0]];
    const padded = [0xaf, ...bytes.slice(1, -1), 2];
    expect(parse(...padded)).toEqual(message);
  });

  it("ignores a run that goes on after the last packet", () => {
    expect(parse(0x8f, 205, 0, 5, ...FIXED, 0, 5, 0, 1, 0, 3, 0xe8, 9, 0x3f, 0xff, 4, 0)).toEqual(
      feedback(5, after(4)),
    );
  });

  it.each([
    { name: "chunks cut short", bytes: [0x8f, 205, 0, 4, ...FIXED, 0, 5, 0, 3, 0, 3, 0xe8, 9] },
    { name: "deltas cut short", bytes: [0x8f, 205, 0, 5, ...FIXED, 0, 5, 0, 3, 0, 3, 0xe8, 9, 0x20, 0x03, 0, 0] },
    { name: "the reserved status", bytes: [0x8f, 205, 0, 5, ...FIXED, 0, 5, 0, 1, 0, 3, 0xe8, 9, 0x60, 0x01, 0, 0] },
    { name: "no room for the base", bytes: [0x8f, 205, 0, 3, ...FIXED, 0, 5, 0, 3] },
    {
      name: "more than half of all sequence numbers",
      bytes: [
        0x8f,
        205,
        0,
        7,
        ...FIXED,
        0,
        5,
        0x80,
        1,
        0,
        3,
        0xe8,
        9,
        ...[1, 2, 3, 4, 5, 6].flatMap(() => [0x1f, 0xff]),
      ],
    },
  ])("refuses $name", ({ bytes }) => {
    expect(parse(...bytes)).toBeUndefined();
  });
});

describe("serializeTransportFeedback", () => {
  it.each(VECTORS)("writes $name", ({ bytes, message }) => {
    const written = [...serializeRtcp([message])];
    expect(parse(...written)).toEqual(message);
    expect(written.length).toBeLessThanOrEqual(bytes.length);
  });

  it("writes the bytes of the draft's layout", () => {
    expect([...serializeRtcp([VECTORS[0]!.message])]).toEqual(VECTORS[0]!.bytes);
  });

  it("takes packets left out as lost, and any time as reference", () => {
    const start = micros(1_767_225_600_050_123);
    const sparse: TransportFeedback = {
      ...feedback(5, [], start),
      packets: [
        { sequenceNumber: sequenceNumber(7), arrival: micros(start + 1_000) },
        { sequenceNumber: sequenceNumber(9), arrival: micros(start + 900) },
      ],
    };
    const read = parse(...serializeRtcp([sparse]))!;
    const arrivals = read.packets.map((packet) => packet.arrival);
    expect(arrivals.map((arrival) => arrival !== undefined)).toEqual([false, false, true, false, true]);
    expect(arrivals[2]! - read.referenceTime).toBe(Math.round(((start % 64_000) + 1_000) / 250) * 250);
    expect(read.referenceTime).toBe((Math.floor(start / 64_000) % 2 ** 24) * 64_000);
  });

  it("does not let rounding add up", () => {
    const arrivals = Array.from({ length: 1_000 }, (_, i) => micros(REFERENCE + i * 333));
    const read = parse(...serializeRtcp([feedback(5, arrivals)]))!;
    for (const [i, { arrival }] of read.packets.entries()) {
      expect(Math.abs(arrival! - arrivals[i]!)).toBeLessThanOrEqual(125);
    }
  });

  it("catches up with a gap longer than a delta", () => {
    const arrivals = [0, 10, 10].map((at) => micros(REFERENCE + seconds(at)));
    const read = parse(...serializeRtcp([feedback(5, arrivals)]))!;
    expect(read.packets[1]!.arrival).toBe(REFERENCE + 32_767 * 250);
    expect(read.packets[2]!.arrival).toBe(arrivals[2]);
  });

  it("refuses packets that are out of order or before the base", () => {
    const message = feedback(5, after(1, 2));
    const backwards = { ...message, packets: message.packets.toReversed() };
    const early = { ...message, baseSequenceNumber: sequenceNumber(6) };
    expect(() => serializeRtcp([backwards])).toThrow(SightlineError);
    expect(() => serializeRtcp([early])).toThrow(SightlineError);
  });

  it("reports a steady stream of 1,000 packets in few bytes", () => {
    const arrivals = Array.from({ length: 1_000 }, (_, i) => micros(REFERENCE + millis(i)));
    expect(serializeRtcp([feedback(0, arrivals)]).length).toBe(20 + 2 + 1_000 + 2);
  });
});

describe("status chunks", () => {
  const encode = (...statuses: number[]) => encodeStatusChunks(Uint8Array.from(statuses));
  const repeat = (status: number, count: number) => new Array<number>(count).fill(status);

  it.each([
    { name: "a run", statuses: repeat(1, 100), chunks: [0x2000 | 100] },
    { name: "a run longer than a chunk", statuses: repeat(0, 8_192), chunks: [0x1fff, 0x0001] },
    { name: "14 mixed of one bit", statuses: [...repeat(1, 13), 0], chunks: [0xbffe] },
    { name: "7 mixed of two bits", statuses: [2, 1, 0, 2, 1, 0, 2], chunks: [0xc000 | 0b10_01_00_10_01_00_10] },
    { name: "a run before a large delta", statuses: [...repeat(1, 10), 2], chunks: [0x200a, 0x4001] },
  ])("encode $name", ({ statuses, chunks }) => {
    expect(encode(...statuses)).toEqual(chunks);
  });

  it("come back as they were", () => {
    const runs = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 30 })), { maxLength: 20 });
    fc.assert(
      fc.property(runs, (parts) => {
        const statuses = Uint8Array.from(parts.flatMap(([status, count]) => repeat(status, count)));
        const data = Uint8Array.from(encodeStatusChunks(statuses).flatMap((chunk) => [chunk >> 8, chunk & 0xff]));
        expect(parseStatusChunks(data, 0, statuses.length)).toEqual({ statuses, end: data.length });
      }),
      { seed: 41, numRuns: 2_000 },
    );
  });
});
