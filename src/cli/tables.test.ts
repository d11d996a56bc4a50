import { expect, it } from "vitest";
import { describeDevices } from "./commands/devices.js";
import { describeFindings } from "./commands/doctor.js";
import { formatTable } from "./table.js";

it("aligns columns without trailing blanks", () => {
  expect(formatTable([["a", "b", ""], ["long", "c", "d"], ["x"]])).toBe("a     b\nlong  c  d\nx");
});

it("lists devices by what to type, and counts modes beyond the first", () => {
  const text = describeDevices([
    { kind: "screen", source: "screen", name: "the desktop", modes: [] },
    { kind: "camera", source: "camera:/dev/video0", name: "Webcam", modes: ["a", "b", "c", "d", "e", "f"] },
  ]);
  expect(text.split("\n").slice(1)).toEqual([
    "screen              the desktop",
    "camera:/dev/video0  Webcam       a, b, c, d and 2 more",
  ]);
});

it("points onwards where there is no device", () => {
  expect(describeDevices([])).toMatch(/doctor/);
});

it("puts what to do under each finding and sums up", () => {
  const ok = { subject: "display", verdict: "ok", detail: ":0" } as const;
  const missing = { subject: "SDL", verdict: "missing", detail: "not found", remedy: "install libsdl2" } as const;
  expect(describeFindings([ok])).toBe("ok  display  :0\n\nEverything works here.");
  expect(describeFindings([ok, missing]).split("\n")).toEqual([
    "ok       display  :0",
    "missing  SDL      not found",
    "         → install libsdl2",
    "",
    "1 of 2 could be better, see the arrows.",
  ]);
});
