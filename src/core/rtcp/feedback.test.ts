import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SequenceNumber, sequenceNumber } from "../rtp/sequence-number.js";
import { parseRtcp, type RtcpPacket, serializeRtcp } from "./compound.js";
import { packNackItems, unpackNackItems } from "./generic-nack.js";

const sequences = (...numbers: number[]): SequenceNumber[] => numbers.map(sequenceNumber);
const streams = { senderSsrc: 1, mediaSsrc: 2 };
const SSRCS = [0, 0, 0, 1, 0, 0, 0, 2];

describe("packNackItems", () => {
  it.each([
    { name: "none", lost: [], items: [] },
    { name: "one", lost: [5], items: [{ pid: 5, blp: 0 }] },
    { name: "the 16 after it", lost: [5, 6, 21], items: [{ pid: 5, blp: 0x8001 }] },
    {
      name: "one further off",
      lost: [5, 22],
      items: [
        { pid: 5, blp: 0 },
        { pid: 22, blp: 0 },
      ],
    },
    { name: "over the wrap", lost: [65_535, 0, 2], items: [{ pid: 65_535, blp: 0b101 }] },
    { name: "duplicates", lost: [5, 5, 6, 6], items: [{ pid: 5, blp: 1 }] },
    {
      name: "out of order",
      lost: [6, 5],
      items: [
        { pid: 6, blp: 0 },
        { pid: 5, blp: 0 },
      ],
    },
  ])("packs $name", ({ lost, items }) => {
    expect(packNackItems(sequences(...lost))).toEqual(items);
  });

  it("names all that is lost and nothing else, in any order", () => {
    const lost = fc.array(fc.integer({ min: 65_400, max: 65_700 }).map(sequenceNumber), { maxLength: 80 });
    fc.assert(
      fc.property(lost, (wanted) => {
        expect(new Set(unpackNackItems(packNackItems(wanted)))).toEqual(new Set(wanted));
      }),
      { seed: 31, numRuns: 2_000 },
    );
  });
});

describe.each<{ name: string; bytes: number[]; packet: RtcpPacket }>([
  {
    name: "a Generic NACK",
    bytes: [0x81, 205, 0, 4, ...SSRCS, 0xff, 0xff, 0x00, 0x05, 0x10, 0x00, 0x80, 0x00],
    packet: { kind: "nack", ...streams, lost: sequences(65_535, 0, 2, 0x1000, 0x1010) },
  },
  {
    name: "a PLI",
    bytes: [0x81, 206, 0, 2, ...SSRCS],
    packet: { kind: "pli", ...streams },
  },
  {
    name: "a FIR to two streams",
    bytes: [0x84, 206, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 7, 0, 0, 0, 0, 0, 0, 4, 255, 0, 0, 0],
    packet: {
      kind: "fir",
      senderSsrc: 1,
      mediaSsrc: 0,
      requests: [
        { ssrc: 3, commandSequence: 7 },
        { ssrc: 4, commandSequence: 255 },
      ],
    },
  },
])("$name", ({ bytes, packet }) => {
  it("is read", () => {
    expect(parseRtcp(Uint8Array.from(bytes))).toEqual([packet]);
  });

  it("is written", () => {
    expect([...serializeRtcp([packet])]).toEqual(bytes);
  });
});

describe("feedback", () => {
  it.each([
    { name: "a NACK of nothing", bytes: [0x81, 205, 0, 2, ...SSRCS] },
    { name: "a PLI without a media SSRC", bytes: [0x81, 206, 0, 1, 0, 0, 0, 1] },
    { name: "a FIR to nobody", bytes: [0x84, 206, 0, 2, ...SSRCS] },
    { name: "half a FIR", bytes: [0x84, 206, 0, 3, ...SSRCS, 0, 0, 0, 3] },
  ])("refuses $name", ({ bytes }) => {
    expect(parseRtcp(Uint8Array.from(bytes))).toBeUndefined();
  });
});
