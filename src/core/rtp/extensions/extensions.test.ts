import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros, millis, seconds } from "../../time.js";
import { sequenceNumber } from "../sequence-number.js";
import { readAbsCaptureTime, writeAbsCaptureTime } from "./abs-capture-time.js";
import { readPlayoutDelay, writePlayoutDelay } from "./playout-delay.js";
import { readTransportSequenceNumber, writeTransportSequenceNumber } from "./transport-sequence-number.js";

describe("transport-wide sequence number", () => {
  it("is two bytes", () => {
    expect(writeTransportSequenceNumber(sequenceNumber(0x1234))).toEqual(Uint8Array.of(0x12, 0x34));
    expect(readTransportSequenceNumber(Uint8Array.of(0x12, 0x34))).toBe(0x1234);
    expect(readTransportSequenceNumber(Uint8Array.of(0x12))).toBeUndefined();
  });
});

describe("absolute capture time", () => {
  it("is an NTP timestamp, and the offset signed seconds", () => {
    expect(writeAbsCaptureTime({ captureTime: micros(500_000), clockOffset: millis(-750) })).toEqual(
      Uint8Array.of(0x83, 0xaa, 0x7e, 0x80, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x40, 0, 0, 0),
    );
  });

  it("comes back to the microsecond", () => {
    const times = fc.record(
      {
        captureTime: fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map(micros),
        clockOffset: fc.integer({ min: -2_000_000_000_000, max: 2_000_000_000_000 }).map(micros),
      },
      { requiredKeys: ["captureTime"] },
    );
    fc.assert(
      fc.property(times, (time) => {
        expect(readAbsCaptureTime(writeAbsCaptureTime(time))).toEqual(time);
      }),
      { seed: 8, numRuns: 2_000 },
    );
  });

  it.each([0, 7, 9, 15, 17])("refuses %i bytes", (size) => {
    expect(readAbsCaptureTime(new Uint8Array(size))).toBeUndefined();
  });
});

describe("playout delay", () => {
  it("is two times 12 bits of 10 ms", () => {
    expect(writePlayoutDelay({ min: millis(0), max: millis(0) })).toEqual(Uint8Array.of(0, 0, 0));
    expect(writePlayoutDelay({ min: millis(1_000), max: millis(40_950) })).toEqual(Uint8Array.of(0x06, 0x4f, 0xff));
    expect(readPlayoutDelay(Uint8Array.of(0x06, 0x4f, 0xff))).toEqual({ min: seconds(1), max: seconds(40.95) });
  });

  it("is held within its range", () => {
    expect(writePlayoutDelay({ min: millis(-5), max: seconds(60) })).toEqual(Uint8Array.of(0, 0x0f, 0xff));
  });

  it("refuses a minimum above the maximum, and other sizes", () => {
    expect(readPlayoutDelay(Uint8Array.of(0x00, 0x20, 0x01))).toBeUndefined();
    expect(readPlayoutDelay(Uint8Array.of(0, 0))).toBeUndefined();
  });
});
