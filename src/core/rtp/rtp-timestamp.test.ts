import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros, seconds } from "../time.js";
import { rtpTimestamp, ticksToMicros, timestampDelta, toRtpTimestamp, VIDEO_CLOCK_RATE } from "./rtp-timestamp.js";

const NOW = micros(1_767_225_600_000_000); // 2026-01-01
const VIDEO_CLOCK = { clockRate: VIDEO_CLOCK_RATE, offset: 0 };

describe("timestampDelta", () => {
  it.each([
    { from: 0, to: 3_000, delta: 3_000 },
    { from: 3_000, to: 0, delta: -3_000 },
    { from: 0xffff_ffff, to: 0, delta: 1 },
    { from: 0, to: 0x7fff_ffff, delta: 0x7fff_ffff },
    { from: 0, to: 0x8000_0000, delta: -0x8000_0000 },
  ])("is $delta from $from to $to", ({ from, to, delta }) => {
    expect(timestampDelta(rtpTimestamp(from), rtpTimestamp(to))).toBe(delta);
  });
});

describe("toRtpTimestamp", () => {
  it("starts at the offset and wraps", () => {
    expect(toRtpTimestamp(micros(0), { clockRate: 90_000, offset: 7 })).toBe(7);
    expect(toRtpTimestamp(seconds(1), { clockRate: 90_000, offset: 0xffff_ffff })).toBe(89_999);
  });

  it("loses no tick at today's date", () => {
    const start = toRtpTimestamp(NOW, VIDEO_CLOCK);
    expect(BigInt(start)).toBe((1_767_225_600n * 90_000n) % 2n ** 32n);
    expect(timestampDelta(start, toRtpTimestamp(micros(NOW + 100), VIDEO_CLOCK))).toBe(9);
  });

  it("grows as time does: a span comes back to within a tick", () => {
    fc.assert(
      fc.property(fc.nat(10_000_000_000), fc.integer({ min: 0, max: 0xffff_ffff }), (span, offset) => {
        const clock = { clockRate: VIDEO_CLOCK_RATE, offset };
        const ticks = timestampDelta(toRtpTimestamp(NOW, clock), toRtpTimestamp(micros(NOW + span), clock));
        expect(Math.abs(ticksToMicros(ticks, VIDEO_CLOCK_RATE) - span)).toBeLessThan(1_000_000 / VIDEO_CLOCK_RATE);
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });
});
