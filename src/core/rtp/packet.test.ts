import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SightlineError } from "../errors.js";
import { isRtcp, isRtp, parseRtpPacket, type RtpPacket, serializeRtpPacket } from "./packet.js";
import { rtpTimestamp } from "./rtp-timestamp.js";
import { sequenceNumber } from "./sequence-number.js";

const PLAIN = Uint8Array.of(
  ...[0x80, 0xe0, 0x12, 0x34], // V=2, marker, payload type 96, sequence number 0x1234
  ...[0xde, 0xad, 0xbe, 0xef], // timestamp
  ...[0xca, 0xfe, 0xba, 0xbe], // SSRC
  ...[0x01, 0x02, 0x03], // payload
);

const FULL = Uint8Array.of(
  ...[0xb2, 0x61, 0xff, 0xff], // V=2, padding, extension, 2 CSRCs; payload type 97
  ...[0x00, 0x00, 0x00, 0x01],
  ...[0x00, 0x00, 0x00, 0x02],
  ...[0x11, 0x11, 0x11, 0x11], // CSRC
  ...[0xff, 0xff, 0xff, 0xff], // CSRC
  ...[0xbe, 0xde, 0x00, 0x01], // one-byte form, 1 word
  ...[0x31, 0x0a, 0x0b, 0x00], // ID 3, 2 bytes, then padding
  ...[0x05], // payload
  ...[0x00, 0x00, 0x03], // 3 bytes of padding
);

const packets: fc.Arbitrary<RtpPacket> = fc.record(
  {
    payloadType: fc.integer({ min: 0, max: 127 }),
    marker: fc.boolean(),
    sequenceNumber: fc.integer({ min: 0, max: 0xffff }).map(sequenceNumber),
    timestamp: fc.integer({ min: 0, max: 0xffff_ffff }).map(rtpTimestamp),
    ssrc: fc.integer({ min: 0, max: 0xffff_ffff }),
    csrcs: fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { minLength: 1, maxLength: 15 }),
    extensions: fc.array(fc.record({ id: fc.integer({ min: 1, max: 255 }), data: fc.uint8Array({ maxLength: 40 }) }), {
      maxLength: 4,
    }),
    payload: fc.uint8Array({ maxLength: 60 }),
    paddingSize: fc.integer({ min: 1, max: 255 }),
  },
  { requiredKeys: ["payloadType", "marker", "sequenceNumber", "timestamp", "ssrc", "extensions", "payload"] },
);

describe("parseRtpPacket", () => {
  it("reads a plain packet", () => {
    expect(parseRtpPacket(PLAIN)).toEqual({
      payloadType: 96,
      marker: true,
      sequenceNumber: 0x1234,
      timestamp: 0xdead_beef,
      ssrc: 0xcafe_babe,
      extensions: [],
      payload: Uint8Array.of(1, 2, 3),
    });
  });

  it("reads CSRCs, extensions and padding", () => {
    expect(parseRtpPacket(FULL)).toEqual({
      payloadType: 97,
      marker: false,
      sequenceNumber: 65_535,
      timestamp: 1,
      ssrc: 2,
      csrcs: [0x1111_1111, 0xffff_ffff],
      extensions: [{ id: 3, data: Uint8Array.of(0x0a, 0x0b) }],
      payload: Uint8Array.of(5),
      paddingSize: 3,
    });
  });

  it("gives the payload as a view", () => {
    const memory = Uint8Array.of(0xff, 0xff, ...PLAIN, 0xff);
    const packet = parseRtpPacket(memory.subarray(2, 2 + PLAIN.length));
    expect(packet?.payload).toEqual(Uint8Array.of(1, 2, 3));
    memory[2 + 12] = 9;
    expect(packet?.payload[0]).toBe(9);
  });

  it("reads a packet of nothing but padding", () => {
    const packet = parseRtpPacket(Uint8Array.of(0xa0, ...PLAIN.subarray(1, 12), 0, 2));
    expect(packet).toMatchObject({ payload: new Uint8Array(), paddingSize: 2 });
  });

  it.each([
    { name: "nothing", data: [] },
    { name: "11 bytes", data: [...PLAIN.subarray(0, 11)] },
    { name: "version 1", data: [0x40, ...PLAIN.subarray(1)] },
    { name: "CSRCs past the end", data: [0x81, ...PLAIN.subarray(1)] },
    { name: "an extension header past the end", data: [0x90, ...PLAIN.subarray(1)] },
    {
      name: "an extension past the end",
      data: [...FULL.subarray(0, 20), 0xbe, 0xde, 0x00, 0x03, 0x31, 0x0a, 0x0b, 0x00],
    },
    { name: "padding of 0", data: [0xa0, ...PLAIN.subarray(1, 12), 1, 0] },
    { name: "more padding than payload", data: [0xa0, ...PLAIN.subarray(1, 12), 1, 3] },
  ])("refuses $name", ({ data }) => {
    expect(parseRtpPacket(Uint8Array.from(data))).toBeUndefined();
  });

  it("never throws, and what it reads lies within the datagram", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (data, asVersion2) => {
        if (asVersion2 && data.length > 0) data[0] = 0x80 | (data[0]! & 0x3f);
        const packet = parseRtpPacket(data);
        if (packet === undefined) return;
        const read = [packet.payload, ...packet.extensions.map((extension) => extension.data)];
        for (const part of read) {
          expect(part.byteOffset).toBeGreaterThanOrEqual(data.byteOffset);
          expect(part.byteOffset + part.length).toBeLessThanOrEqual(data.byteOffset + data.length);
        }
      }),
      { seed: 5, numRuns: 5_000 },
    );
  });

  it("never throws on a damaged packet", () => {
    const damage = fc.array(fc.tuple(fc.nat(100), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(packets, damage, fc.nat(100), (packet, changes, cut) => {
        const data = serializeRtpPacket(packet);
        for (const [at, value] of changes) if (at < data.length) data[at] = value;
        parseRtpPacket(data.subarray(0, data.length - Math.min(cut, data.length)));
      }),
      { seed: 6, numRuns: 3_000 },
    );
  });
});

describe("serializeRtpPacket", () => {
  it.each([
    { name: "a plain packet", data: PLAIN },
    { name: "CSRCs, extensions and padding", data: FULL },
  ])("writes the same bytes for $name", ({ data }) => {
    expect(serializeRtpPacket(parseRtpPacket(data)!)).toEqual(data);
  });

  it("is undone by parsing", () => {
    fc.assert(
      fc.property(packets, (packet) => {
        expect(parseRtpPacket(serializeRtpPacket(packet))).toEqual(packet);
      }),
      { seed: 7, numRuns: 3_000 },
    );
  });

  it.each([
    { name: "16 CSRCs", change: { csrcs: new Array<number>(16).fill(0) } },
    { name: "256 bytes of padding", change: { paddingSize: 256 } },
    { name: "an extension with ID 0", change: { extensions: [{ id: 0, data: new Uint8Array(1) }] } },
    { name: "an extension of 256 bytes", change: { extensions: [{ id: 1, data: new Uint8Array(256) }] } },
  ])("refuses $name", ({ change }) => {
    expect(() => serializeRtpPacket({ ...parseRtpPacket(PLAIN)!, ...change })).toThrow(SightlineError);
  });
});

describe("telling RTP from RTCP", () => {
  it.each([
    { name: "RTP with payload type 96", data: PLAIN, rtp: true, rtcp: false },
    {
      name: "a sender report",
      data: Uint8Array.of(0x80, 200, 0, 6, ...new Array<number>(24).fill(0)),
      rtp: false,
      rtcp: true,
    },
    { name: "extended reports", data: Uint8Array.of(0x80, 207, 0, 1, 0, 0, 0, 1), rtp: false, rtcp: true },
    { name: "STUN", data: Uint8Array.of(0x00, 0x01, ...new Array<number>(18).fill(0)), rtp: false, rtcp: false },
    { name: "DTLS", data: Uint8Array.of(0x16, 0xfe, ...new Array<number>(18).fill(0)), rtp: false, rtcp: false },
    { name: "nothing", data: new Uint8Array(), rtp: false, rtcp: false },
  ])("$name", ({ data, rtp, rtcp }) => {
    expect(isRtp(data)).toBe(rtp);
    expect(isRtcp(data)).toBe(rtcp);
  });
});
