import { expect, test } from "vitest";
import { parseStreams } from "./streams.js";

test("reads a bare list and one in an object", () => {
  const stream = { id: "desk", name: "Desk", kind: "camera", width: 640, height: 480 };
  expect(parseStreams(JSON.stringify([stream]))).toEqual([stream]);
  expect(parseStreams(JSON.stringify({ streams: [stream] }))).toEqual([stream]);
});

test("fills in what is missing and leaves out what has no id", () => {
  const list = JSON.stringify([{ id: "a", kind: "hologram" }, { name: "nameless" }, 7, null]);
  expect(parseStreams(list)).toEqual([{ id: "a", name: "a", kind: "screen", width: 0, height: 0 }]);
});

test("is no list", () => {
  expect(parseStreams("{")).toBeUndefined();
  expect(parseStreams('{"streams": 1}')).toBeUndefined();
  expect(parseStreams("null")).toBeUndefined();
});
