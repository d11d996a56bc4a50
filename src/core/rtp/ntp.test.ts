import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros, millis, seconds } from "../time.js";
import { compactNtp, fromCompactSpan, fromNtp, toCompactSpan, toNtp } from "./ntp.js";

describe("NTP timestamps", () => {
  it("count from 1900", () => {
    expect(toNtp(micros(0))).toEqual({ seconds: 2_208_988_800, fraction: 0 });
    expect(toNtp(micros(1_500_000))).toEqual({ seconds: 2_208_988_801, fraction: 0x8000_0000 });
  });

  it("wrap in February 2036 and are still read right", () => {
    const firstOfNextEra = seconds(2_085_978_496); // 2036-02-07T06:28:16Z
    expect(toNtp(firstOfNextEra)).toEqual({ seconds: 0, fraction: 0 });
    expect(fromNtp({ seconds: 0, fraction: 0 })).toBe(firstOfNextEra);
  });

  it("come back to the microsecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (at) => {
        expect(fromNtp(toNtp(micros(at)))).toBe(at);
      }),
      { seed: 4, numRuns: 3_000 },
    );
  });
});

describe("compact NTP", () => {
  it("is the middle 32 bits (RFC 3550 §6.4.1, figure 2)", () => {
    expect(compactNtp({ seconds: 0xb44d_b705, fraction: 0x2000_0000 })).toBe(0xb705_2000);
  });

  it("gives the round trip of RFC 3550 §6.4.1, figure 2", () => {
    const [received, delay, sent] = [0xb710_8000, 0x0005_4000, 0xb705_2000];
    expect(fromCompactSpan(received - delay - sent)).toBe(seconds(6.125));
  });

  it("holds spans within 32 bits", () => {
    expect(toCompactSpan(millis(5_250))).toBe(0x0005_4000);
    expect(toCompactSpan(millis(-1))).toBe(0);
    expect(toCompactSpan(seconds(100_000))).toBe(0xffff_ffff);
  });
});
