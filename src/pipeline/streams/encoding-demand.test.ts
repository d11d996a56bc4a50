import { expect, test } from "vitest";
import { EncodingDemand } from "./encoding-demand.js";

function createDemand(capBps: number) {
  const told: (number | boolean)[] = [];
  const control = { setBitrate: (bitrate: number) => told.push(bitrate), hold: (on: boolean) => told.push(on) };
  return { told, demand: new EncodingDemand(capBps, control) };
}

test("the narrowest path sets the bitrate, and small changes are not passed on", () => {
  const { told, demand } = createDemand(20e6);
  const [wide, narrow] = [demand.join(), demand.join()];
  wide.limit(20e6);
  narrow.limit(4e6);
  narrow.limit(4.1e6);
  wide.limit(10e6);
  narrow.limit(12e6);
  expect(told).toEqual([4e6, 10e6]);
});

test("encoding is held while any path is congested, and told so once", () => {
  const { told, demand } = createDemand(20e6);
  const [one, two] = [demand.join(), demand.join()];
  one.congested(true);
  two.congested(true);
  one.congested(false);
  expect(told).toEqual([true]);
  two.congested(false);
  expect(told).toEqual([true, false]);
});
