import fc from "fast-check";
import { expect, test } from "vitest";
import { type Announcement, readService, writeTxt } from "./announcement.js";

const OPEN: Announcement = { port: 8080, access: "open", tls: false, streams: ["screen 0", "Webcam"] };

test("what is announced is what is found", () => {
  const txt = writeTxt(OPEN);
  expect(readService({ host: "lab2.local", address: "10.0.0.7", port: 8080, txt })).toEqual({
    ...OPEN,
    host: "lab2",
    url: "http://10.0.0.7:8080/",
  });
});

test("without open access no stream's name is told, nor believed", () => {
  const txt = writeTxt({ ...OPEN, access: "token" });
  expect(JSON.stringify(txt)).not.toContain("Webcam");
  const claimed = { ...txt, streams: "Webcam" };
  expect(readService({ host: "lab2", address: "::1", port: 1, txt: claimed })).toMatchObject({
    streams: [],
    url: "http://[::1]:1/",
  });
});

test("names beyond what a TXT string holds are left out", () => {
  const { streams = "" } = writeTxt({ ...OPEN, streams: Array.from({ length: 50 }, (_, index) => `monitor ${index}`) });
  expect(streams.length).toBeLessThan(250);
  expect(streams.split("\n").at(-1)).toMatch(/^monitor \d+$/);
});

test("what strangers say cannot reach the terminal's controls, nor lead elsewhere", () => {
  const txt = { ...writeTxt(OPEN), streams: "\x1b]0;x\x07evil\n\u202Ename" };
  expect(readService({ host: "a\x1b[2Jb", address: "10.0.0.7", port: 8080, txt })).toMatchObject({
    host: "a[2Jb",
    streams: ["]0;xevil", "name"],
  });
  expect(readService({ host: "a", address: "evil.example/", port: 8080, txt })).toBeUndefined();
});

test("anything else is no share", () => {
  const anything = fc.anything();
  fc.assert(
    fc.property(anything, anything, anything, anything, (host, address, port, txt) => {
      expect(readService({ host, address, port, txt })).toBeUndefined();
    }),
    { seed: 1 },
  );
});
