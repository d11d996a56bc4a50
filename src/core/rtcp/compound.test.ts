import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SightlineError } from "../errors.js";
import { fromCompactSpan } from "../rtp/ntp.js";
import { rtpTimestamp } from "../rtp/rtp-timestamp.js";
import { type SequenceNumber, sequenceNumber } from "../rtp/sequence-number.js";
import { micros } from "../time.js";
import { parseRtcp, type RtcpPacket, serializeRtcp } from "./compound.js";

const PLI = [0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2];
const EMPTY_RR = [0x80, 201, 0, 1, 0, 0, 0, 9];

const uint8 = fc.integer({ min: 0, max: 0xff });
const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const compactSpan = uint32.map(fromCompactSpan);
const ntp = fc.record({ seconds: uint32, fraction: uint32 });
const words = fc.uint8Array({ maxLength: 40 }).map((data) => data.slice(0, data.length & ~3));
const text = fc.string({ unit: "grapheme", maxLength: 40 });
const reports = fc.array(
  fc.record({
    ssrc: uint32,
    fractionLost: uint8.map((value) => value / 256),
    packetsLost: fc.integer({ min: -0x80_0000, max: 0x7f_ffff }),
    highestSequence: uint32,
    jitter: uint32,
    lastSr: uint32,
    delaySinceLastSr: compactSpan,
  }),
  { maxLength: 4 },
);
const streams = { senderSsrc: uint32, mediaSsrc: uint32 };
/** Ascending, as the packed form gives them back. */
const ascending = fc
  .tuple(uint16, fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 60 }))
  .map(([first, steps]): SequenceNumber[] => {
    const numbers = [first];
    for (const step of steps) numbers.push(numbers.at(-1)! + step);
    return numbers.map(sequenceNumber);
  });

const packet: fc.Arbitrary<RtcpPacket> = fc.oneof(
  fc.record({
    kind: fc.constant("sender-report" as const),
    ssrc: uint32,
    ntp,
    rtpTimestamp: uint32.map(rtpTimestamp),
    packetCount: uint32,
    octetCount: uint32,
    reports,
  }),
  fc.record({ kind: fc.constant("receiver-report" as const), ssrc: uint32, reports }),
  fc.record({
    kind: fc.constant("source-description" as const),
    chunks: fc.array(
      fc.record({
        ssrc: uint32,
        items: fc.array(fc.record({ type: fc.integer({ min: 1, max: 255 }), text }), { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record(
    { kind: fc.constant("goodbye" as const), ssrcs: fc.array(uint32, { maxLength: 31 }), reason: text },
    { requiredKeys: ["kind", "ssrcs"] },
  ),
  fc.record({ kind: fc.constant("nack" as const), ...streams, lost: ascending }),
  fc.record({ kind: fc.constant("pli" as const), ...streams }),
  fc.record({
    kind: fc.constant("fir" as const),
    ...streams,
    requests: fc.array(fc.record({ ssrc: uint32, commandSequence: uint8 }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant("extended-report" as const),
    ssrc: uint32,
    blocks: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant("rrtr" as const), ntp }),
        fc.record({
          kind: fc.constant("dlrr" as const),
          items: fc.array(fc.record({ ssrc: uint32, lastRr: uint32, delaySinceLastRr: compactSpan }), { maxLength: 3 }),
        }),
        fc.record({
          kind: fc.constant("unknown" as const),
          blockType: fc.integer({ min: 6, max: 255 }),
          typeSpecific: uint8,
          body: words,
        }),
      ),
      { maxLength: 3 },
    ),
  }),
  fc
    .record({
      ...streams,
      base: uint16,
      feedbackCount: uint8,
      referenceSteps: fc.integer({ min: 0, max: 0xff_ffff }),
      deltaSteps: fc.array(fc.option(fc.oneof(uint8, fc.integer({ min: -0x8000, max: 0x7fff }))), { maxLength: 40 }),
    })
    .map(({ senderSsrc, mediaSsrc, base, feedbackCount, referenceSteps, deltaSteps }) => {
      const referenceTime = referenceSteps * 64_000;
      let arrival = referenceTime;
      const packets = deltaSteps.map((delta, i) => {
        if (delta !== null) arrival += delta * 250;
        return { sequenceNumber: sequenceNumber(base + i), arrival: delta === null ? undefined : micros(arrival) };
      });
      return {
        kind: "transport-feedback" as const,
        senderSsrc,
        mediaSsrc,
        baseSequenceNumber: sequenceNumber(base),
        feedbackCount,
        referenceTime: micros(referenceTime),
        packets,
      };
    }),
  fc.record({
    kind: fc.constant("unknown" as const),
    packetType: fc.constantFrom(192, 204, 208, 223),
    count: fc.integer({ min: 0, max: 31 }),
    body: words,
  }),
);

describe("parseRtcp", () => {
  it("reads a compound in order", () => {
    expect(parseRtcp(Uint8Array.from([...EMPTY_RR, ...PLI]))).toEqual([
      { kind: "receiver-report", ssrc: 9, reports: [] },
      { kind: "pli", senderSsrc: 1, mediaSsrc: 2 },
    ]);
  });

  it("reads feedback alone (RFC 5506)", () => {
    expect(parseRtcp(Uint8Array.from(PLI))).toHaveLength(1);
  });

  it("keeps what it does not know", () => {
    const app = [0x83, 204, 0, 2, 0, 0, 0, 1, 0x6e, 0x61, 0x6d, 0x65];
    const remb = [0x8f, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0];
    expect(parseRtcp(Uint8Array.from([...app, ...remb]))).toEqual([
      { kind: "unknown", packetType: 204, count: 3, body: Uint8Array.from(app.slice(4)) },
      { kind: "unknown", packetType: 206, count: 15, body: Uint8Array.from(remb.slice(4)) },
    ]);
  });

  it("leaves out the padding of the last packet", () => {
    const padded = [0xa0, 201, 0, 2, 0, 0, 0, 9, 0, 0, 0, 4];
    expect(parseRtcp(Uint8Array.from(padded))).toEqual([{ kind: "receiver-report", ssrc: 9, reports: [] }]);
    expect(parseRtcp(Uint8Array.from([...padded, ...PLI]))).toBeUndefined();
  });

  it.each([
    { name: "nothing", data: [] },
    { name: "3 bytes", data: PLI.slice(0, 3) },
    { name: "a packet cut short", data: PLI.slice(0, 11) },
    { name: "bytes after the last packet", data: [...PLI, 0] },
    { name: "version 1", data: [0x41, ...PLI.slice(1)] },
    { name: "RTP behind RTCP", data: [...PLI, 0x80, 96, 0, 0] },
    { name: "padding of 0", data: [0xa0, 201, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0] },
    { name: "more padding than body", data: [0xa0, 201, 0, 2, 0, 0, 0, 9, 0, 0, 0, 12] },
  ])("refuses $name", ({ data }) => {
    expect(parseRtcp(Uint8Array.from(data))).toBeUndefined();
  });

  it("never throws", () => {
    const type = fc.integer({ min: 199, max: 208 });
    fc.assert(
      fc.property(
        type,
        fc.integer({ min: 0, max: 31 }),
        fc.uint8Array({ maxLength: 80 }),
        (packetType, count, data) => {
          parseRtcp(data);
          const size = data.length & ~3;
          if (size < 4) return;
          data.set([0x80 | count, packetType, 0, size / 4 - 1]);
          parseRtcp(data.subarray(0, size));
        },
      ),
      { seed: 11, numRuns: 5_000 },
    );
  });

  it("never throws on damaged packets", () => {
    const damage = fc.array(fc.tuple(fc.nat(120), uint8), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(packet, damage, fc.nat(8), (valid, changes, cut) => {
        const data = serializeRtcp([valid]);
        for (const [at, value] of changes) if (at < data.length) data[at] = value;
        parseRtcp(data.subarray(0, Math.max(data.length - cut, 0)));
      }),
      { seed: 12, numRuns: 4_000 },
    );
  });
});

describe("serializeRtcp", () => {
  it("is undone by parsing", () => {
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 4 }), (packets) => {
        expect(parseRtcp(serializeRtcp(packets))).toEqual(packets);
      }),
      { seed: 13, numRuns: 3_000 },
    );
  });

  it("refuses what does not fit", () => {
    const ssrcs = new Array<number>(32).fill(1);
    expect(() => serializeRtcp([{ kind: "goodbye", ssrcs }])).toThrow(SightlineError);
    expect(() => serializeRtcp([{ kind: "unknown", packetType: 204, count: 0, body: new Uint8Array(3) }])).toThrow(
      SightlineError,
    );
  });
});
