import { describe, expect, it } from "vitest";
import { compactNtp, fromCompactSpan, toNtp } from "../rtp/ntp.js";
import { rtpTimestamp } from "../rtp/rtp-timestamp.js";
import { micros, millis, seconds } from "../time.js";
import { parseRtcp, type RtcpPacket, serializeRtcp } from "./compound.js";
import { roundTripTime } from "./round-trip.js";

const REPORT_BLOCK = [
  ...[0, 0, 0, 7], // SSRC
  ...[0x40, 0xff, 0xff, 0xfe], // a quarter lost; −2 in all
  ...[0x00, 0x01, 0x00, 0x05], // one cycle, sequence number 5
  ...[0, 0, 0x01, 0x00], // jitter 256
  ...[0xb7, 0x05, 0x20, 0x00], // LSR
  ...[0x00, 0x05, 0x40, 0x00], // DLSR 5.25 s
];
const REPORT = {
  ssrc: 7,
  fractionLost: 0.25,
  packetsLost: -2,
  highestSequence: 65_541,
  jitter: 256,
  lastSr: 0xb705_2000,
  delaySinceLastSr: seconds(5.25),
};

const VECTORS: { name: string; data: number[]; packet: RtcpPacket }[] = [
  {
    name: "a sender report",
    data: [
      ...[0x81, 200, 0, 12],
      ...[0, 0, 0, 1], // SSRC
      ...[0xb4, 0x4d, 0xb7, 0x05, 0x20, 0, 0, 0], // NTP
      ...[0xff, 0, 0, 1], // RTP timestamp
      ...[0, 0, 0, 3], // packets
      ...[0x80, 0, 0, 0], // octets
      ...REPORT_BLOCK,
    ],
    packet: {
      kind: "sender-report",
      ssrc: 1,
      ntp: { seconds: 0xb44d_b705, fraction: 0x2000_0000 },
      rtpTimestamp: rtpTimestamp(0xff00_0001),
      packetCount: 3,
      octetCount: 0x8000_0000,
      reports: [REPORT],
    },
  },
  {
    name: "a receiver report on two streams",
    data: [0x82, 201, 0, 13, 0, 0, 0, 9, ...REPORT_BLOCK, ...REPORT_BLOCK],
    packet: { kind: "receiver-report", ssrc: 9, reports: [REPORT, REPORT] },
  },
  {
    name: "a receiver reference time",
    data: [0x80, 207, 0, 4, 0, 0, 0, 9, 4, 0, 0, 2, 0x83, 0xaa, 0x7e, 0x80, 0x80, 0, 0, 0],
    packet: { kind: "extended-report", ssrc: 9, blocks: [{ kind: "rrtr", ntp: toNtp(millis(500)) }] },
  },
  {
    name: "the answer to it, behind a block of another type",
    data: [
      ...[0x80, 207, 0, 7, 0, 0, 0, 1],
      ...[7, 5, 0, 1, 1, 2, 3, 4],
      ...[5, 0, 0, 3, 0, 0, 0, 9, 0x7e, 0x80, 0x80, 0, 0, 0, 0x80, 0],
    ],
    packet: {
      kind: "extended-report",
      ssrc: 1,
      blocks: [
        { kind: "unknown", blockType: 7, typeSpecific: 5, body: Uint8Array.of(1, 2, 3, 4) },
        { kind: "dlrr", items: [{ ssrc: 9, lastRr: 0x7e80_8000, delaySinceLastRr: millis(500) }] },
      ],
    },
  },
];

describe.each(VECTORS)("$name", ({ data, packet }) => {
  it("is read", () => {
    expect(parseRtcp(Uint8Array.from(data))).toEqual([packet]);
  });

  it("is written", () => {
    expect([...serializeRtcp([packet])]).toEqual(data);
  });
});

describe("report blocks", () => {
  it("ignore a profile's extension behind them", () => {
    expect(parseRtcp(Uint8Array.from([0x80, 201, 0, 2, 0, 0, 0, 9, 1, 2, 3, 4]))).toEqual([
      { kind: "receiver-report", ssrc: 9, reports: [] },
    ]);
  });

  it("must be as many as counted", () => {
    expect(parseRtcp(Uint8Array.from([0x82, 201, 0, 7, 0, 0, 0, 9, ...REPORT_BLOCK]))).toBeUndefined();
  });

  it("hold losses within their range", () => {
    const extreme = { ...REPORT, fractionLost: 1, packetsLost: 20_000_000 };
    const [read] = parseRtcp(serializeRtcp([{ kind: "receiver-report", ssrc: 9, reports: [extreme] }]))!;
    expect(read).toMatchObject({ reports: [{ fractionLost: 255 / 256, packetsLost: 0x7f_ffff }] });
  });
});

describe("extended reports", () => {
  it.each([
    { name: "without an SSRC", data: [0x80, 207, 0, 0] },
    { name: "with a block past the end", data: [0x80, 207, 0, 2, 0, 0, 0, 9, 4, 0, 0, 2] },
    { name: "with a short reference time", data: [0x80, 207, 0, 3, 0, 0, 0, 9, 4, 0, 0, 1, 0, 0, 0, 0] },
    { name: "with half an answer", data: [0x80, 207, 0, 3, 0, 0, 0, 9, 5, 0, 0, 1, 0, 0, 0, 0] },
  ])("$name are refused", ({ data }) => {
    expect(parseRtcp(Uint8Array.from(data))).toBeUndefined();
  });
});

describe("roundTripTime", () => {
  const now = micros(1_767_225_600_250_000);

  it("is the time since our report less the time that the peer had it", () => {
    const lastReport = compactNtp(toNtp(micros(now - 30_000)));
    const measured = roundTripTime(now, { lastReport, delay: fromCompactSpan(1_311) })!; // 20 ms
    expect(Math.abs(measured - 10_000)).toBeLessThan(32);
  });

  it("is never negative, and unknown without a report", () => {
    const lastReport = compactNtp(toNtp(now));
    expect(roundTripTime(now, { lastReport, delay: millis(1) })).toBe(0);
    expect(roundTripTime(now, { lastReport: 0, delay: millis(0) })).toBeUndefined();
  });
});
