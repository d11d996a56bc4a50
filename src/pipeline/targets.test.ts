import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseShareDestination, parseWatchTarget } from "./targets.js";

test.each([
  ["192.0.2.1:5004", { protocol: "rtp", host: "192.0.2.1", port: 5004 }],
  ["rtp://robot:5004", { protocol: "rtp", host: "robot", port: 5004 }],
  ["jpeg://[::1]:9", { protocol: "jpeg", host: "::1", port: 9 }],
  [":5004", { protocol: "rtp", host: "127.0.0.1", port: 5004 }],
])("share reads %s", (text, expected) => {
  expect(parseShareDestination(text)).toEqual(expected);
});

test.each([
  [":5004", { kind: "rtp", host: "", port: 5004 }],
  ["239.1.2.3:5004", { kind: "rtp", host: "239.1.2.3", port: 5004 }],
  ["jpeg://:5005", { kind: "jpeg", host: "", port: 5005 }],
])("watch reads %s", (text, expected) => {
  expect(parseWatchTarget(text)).toEqual(expected);
});

test("watch takes an existing file for a session description, whatever it is called", () => {
  const folder = mkdtempSync(join(tmpdir(), "sightline-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "stream");
  writeFileSync(file, "v=0\n");
  expect(parseWatchTarget(file)).toEqual({ kind: "sdp", file });
});

test("a missing session description is not taken for an address", () => {
  expect(() => parseWatchTarget("/nowhere/a.sdp")).toThrowError(expect.objectContaining({ code: "not-found" }));
});

test("other schemes are refused with what to write instead", () => {
  expect(() => parseShareDestination("srt://host:1")).toThrowError(/jpeg:\/\/HOST:PORT/);
  expect(() => parseWatchTarget("rtmp://host:1")).toThrowError(/FILE\.sdp/);
});
