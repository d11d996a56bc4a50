import { expect, test } from "vitest";
import { glassToGlassMs } from "./glass-to-glass.js";

const NOW = 1_800_000_000_000;
const ntp = (unixMs: number) => unixMs + 2_208_988_800_000;

test("from the capture time of a neighbouring frame, through the sender's clock, over a wrap of the timestamp", () => {
  const stamp = { captureTimestamp: ntp(NOW - 5_000), rtpTimestamp: 2 ** 32 - 900 };
  const frame = { displayedAt: NOW + 42, rtpTimestamp: 900 }; // captured 20 ms after the stamp's frame
  expect(glassToGlassMs(frame, stamp, { offsetMs: 5_000, uncertaintyMs: 1 })).toBe(22);
});

test("what the browser makes out itself where it does not tell more, else nothing", () => {
  expect(glassToGlassMs({ displayedAt: NOW, capturedAt: NOW - 31 }, undefined, undefined)).toBe(31);
  expect(glassToGlassMs({ displayedAt: NOW, rtpTimestamp: 1 }, undefined, undefined)).toBeUndefined();
});
