import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros } from "../../time.js";
import { joinAnnexB, splitAnnexB } from "./annex-b.js";
import { h264Depacketizer } from "./depacketizer.js";
import { h264Packetizer } from "./packetizer.js";

const SPS = Uint8Array.of(0x67, 0x42, 0xc0, 0x1f, 0xda);
const PPS = Uint8Array.of(0x68, 0xce, 0x0f);
const AUD = Uint8Array.of(0x09, 0x10);
const FILLER = Uint8Array.of(0x0c, 0xff, 0x80);
const RECOVERY_POINT = Uint8Array.of(0x06, 6, 1, 0x84, 0x80);
const IDR = 0x65;
const NON_IDR = 0x41;
/** first_mb_in_slice 0 and slice_type 7 (I), 5 (P): `1 0001000`, `1 00110…`. */
const I_SLICE = 0x88;
const P_SLICE = 0x98;

/** A slice of `size` bytes without anything that looks like a start code. */
function slice(header: number, kind: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i === 0 ? header : i === 1 ? kind : (i % 250) + 2));
}

function packetize(nals: readonly Uint8Array[], maxPayloadSize = 1_200): Uint8Array[] {
  const frame = { codec: "h264", data: joinAnnexB(nals), keyframe: true, captureTime: micros(0) } as const;
  return h264Packetizer.packetize(frame, maxPayloadSize);
}

function depacketizeNals(payloads: readonly Uint8Array[]): Uint8Array[] | undefined {
  const frame = h264Depacketizer.depacketize(payloads);
  return frame && splitAnnexB(frame.data);
}

describe("h264Packetizer", () => {
  it("sends a NAL unit that fits as it is", () => {
    const nal = slice(NON_IDR, P_SLICE, 1_200);
    expect(packetize([nal])).toEqual([nal]);
  });

  it("aggregates NAL units that fit together (STAP-A)", () => {
    expect(packetize([SPS, PPS])).toEqual([
      Uint8Array.of(0x78, 0, 5, 0x67, 0x42, 0xc0, 0x1f, 0xda, 0, 3, 0x68, 0xce, 0x0f),
    ]);
  });

  it("gives an aggregate the highest importance in it", () => {
    expect(packetize([Uint8Array.of(0x06, 5, 0x80), slice(NON_IDR, P_SLICE, 9)])[0]![0]).toBe(0x58);
  });

  it("cuts a larger one into fragments of equal size (FU-A)", () => {
    const payloads = packetize([slice(IDR, I_SLICE, 1_201)], 600);
    expect(payloads.map((payload) => payload.length)).toEqual([402, 402, 402]);
    expect(payloads.map((payload) => [...payload.subarray(0, 3)])).toEqual([
      [0x7c, 0x85, I_SLICE],
      [0x7c, 0x05, 153],
      [0x7c, 0x45, 53],
    ]);
  });

  it("leaves out access unit delimiters and filler data", () => {
    const nal = slice(NON_IDR, P_SLICE, 20);
    expect(packetize([AUD, nal, FILLER])).toEqual([nal]);
  });

  it("refuses what has no NAL units, and sizes out of range", () => {
    const frame = { codec: "h264", data: SPS, keyframe: true, captureTime: micros(0) } as const;
    expect(() => h264Packetizer.packetize(frame, 1_200)).toThrow(expect.objectContaining({ code: "invalid-data" }));
    expect(() => packetize([SPS], 255)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    expect(() => packetize([SPS], 65_496)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    expect(() => packetize([SPS], Number.NaN)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
  });

  it("makes payloads within the size that depacketize to the same NAL units", () => {
    const nal = fc
      .record({
        header: fc.constantFrom(0x67, 0x68, 0x06, IDR, NON_IDR, 0x01),
        size: fc.integer({ min: 2, max: 5_000 }),
      })
      .map(({ header, size }) => slice(header, I_SLICE, size));
    // Two equal parameter sets are sent once only, so distinct sizes.
    const nals = fc.uniqueArray(nal, { minLength: 1, maxLength: 12, selector: (unit) => unit.length });
    fc.assert(
      fc.property(nals, fc.integer({ min: 256, max: 1_500 }), (units, maxPayloadSize) => {
        const payloads = packetize(units, maxPayloadSize);
        for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(maxPayloadSize);
        for (const payload of payloads) expect(h264Depacketizer.inspect(payload)).toBeDefined();
        expect(depacketizeNals(payloads)).toEqual(units);
      }),
      { seed: 2, numRuns: 40 },
    );
  });
});

describe("h264Depacketizer.depacketize", () => {
  const fragments = packetize([slice(IDR, I_SLICE, 1_000)], 300);

  it("joins fragments", () => {
    expect(depacketizeNals(fragments)).toEqual([slice(IDR, I_SLICE, 1_000)]);
  });

  it.each([
    ["the first fragment is missing", fragments.slice(1)],
    ["the last fragment is missing", fragments.slice(0, -1)],
    ["a fragment comes after the last", [...fragments, fragments[1]!]],
    ["a NAL unit starts twice", [fragments[0]!, ...fragments]],
    ["another NAL unit comes in between", [fragments[0]!, SPS, ...fragments.slice(1)]],
    ["fragments are of different types", [fragments[0]!, Uint8Array.of(0x7c, 0x41, 1)]],
    ["a fragment is first and last", [Uint8Array.of(0x7c, 0xc5, 1)]],
    ["a fragment is empty", [Uint8Array.of(0x7c, 0x85), ...fragments.slice(1)]],
    ["there is no payload", []],
    ["a payload is empty", [new Uint8Array()]],
    ["an aggregate is empty", [Uint8Array.of(0x78)]],
    ["an aggregated size is cut short", [Uint8Array.of(0x78, 0)]],
    ["an aggregated NAL unit is cut short", [Uint8Array.of(0x78, 0, 3, 0x67, 1)]],
    ["an aggregated NAL unit is empty", [Uint8Array.of(0x78, 0, 0, 0, 1, 0x67)]],
    ["aggregates are nested", [Uint8Array.of(0x78, 0, 1, 0x78)]],
  ])("refuses it when %s", (_, payloads) => {
    expect(h264Depacketizer.depacketize(payloads)).toBeUndefined();
  });

  it.each([0, 25, 26, 27, 29, 30, 31])("refuses payloads of type %i", (type) => {
    const payload = Uint8Array.of(0x60 | type, 0x80, 1, 2, 3);
    expect(h264Depacketizer.inspect(payload)).toBeUndefined();
    expect(h264Depacketizer.depacketize([payload])).toBeUndefined();
  });

  it("leaves out parameter sets that the picture has already", () => {
    const [first, second] = [slice(IDR, I_SLICE, 30), slice(IDR, 0x40, 30)];
    expect(depacketizeNals([AUD, SPS, PPS, first, SPS, PPS, second])).toEqual([AUD, SPS, PPS, first, second]);
  });

  it.each([
    ["an IDR slice", [slice(IDR, I_SLICE, 9)], true],
    ["a predicted slice", [slice(NON_IDR, P_SLICE, 9)], false],
    ["an I slice alone", [slice(NON_IDR, I_SLICE, 9)], false],
    ["parameter sets and an I slice", [SPS, PPS, slice(NON_IDR, I_SLICE, 9)], true],
    ["parameter sets and a predicted slice", [SPS, PPS, slice(NON_IDR, P_SLICE, 9)], false],
    ["parameter sets alone", [SPS, PPS], true],
    ["a recovery point", [RECOVERY_POINT, slice(NON_IDR, P_SLICE, 9)], true],
    ["another SEI", [Uint8Array.of(0x06, 5, 1, 6, 0x80), slice(NON_IDR, P_SLICE, 9)], false],
    ["a recovery point after another", [Uint8Array.of(0x06, 5, 1, 9, 6, 1, 0x84, 0x80)], true],
  ])("sees in %s whether decoding can start", (_, nals, keyframe) => {
    expect(h264Depacketizer.depacketize(nals)?.keyframe).toBe(keyframe);
    expect(h264Depacketizer.depacketize(packetize(nals))?.keyframe).toBe(keyframe);
  });
});

describe("h264Depacketizer.inspect", () => {
  const [first, middle] = packetize([slice(IDR, I_SLICE, 1_000)], 300);

  it.each([
    ["a parameter set", SPS, { startsFrame: "yes", keyframe: true }],
    ["a delimiter of an I picture", AUD, { startsFrame: "yes", keyframe: true }],
    ["a delimiter of another picture", Uint8Array.of(0x09, 0x30), { startsFrame: "yes", keyframe: false }],
    ["a recovery point", RECOVERY_POINT, { startsFrame: "maybe", keyframe: true }],
    ["an aggregate", packetize([SPS, PPS])[0]!, { startsFrame: "yes", keyframe: true }],
    ["a first slice", slice(NON_IDR, P_SLICE, 9), { startsFrame: "maybe", keyframe: false }],
    ["a later slice", slice(NON_IDR, 0x40, 9), { startsFrame: "no", keyframe: false }],
    ["a first fragment", first!, { startsFrame: "maybe", keyframe: true }],
    ["a later fragment", middle!, { startsFrame: "no", keyframe: true }],
    ["a first fragment of a later slice", Uint8Array.of(0x5c, 0x81, 0x40), { startsFrame: "no", keyframe: false }],
  ])("tells what %s is", (_, payload, hints) => {
    expect(h264Depacketizer.inspect(payload)).toEqual(hints);
  });
});

describe("hostile H.264 payloads", () => {
  it("never throw", () => {
    const payload = fc.uint8Array({ maxLength: 60 });
    // Headers of the kinds that are parsed, before anything.
    const likely = fc
      .tuple(fc.constantFrom(0x78, 0x7c, 0x06, 0x67, 0x41, 0x65), payload)
      .map(([header, rest]) => Uint8Array.of(header, ...rest));
    fc.assert(
      fc.property(fc.array(fc.oneof(payload, likely), { maxLength: 8 }), (payloads) => {
        for (const one of payloads) h264Depacketizer.inspect(one);
        const frame = h264Depacketizer.depacketize(payloads);
        const size = payloads.reduce((sum, one) => sum + one.length, 0);
        expect(frame?.data.length ?? 0).toBeLessThanOrEqual(2 * size + 4 * payloads.length);
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });
});
