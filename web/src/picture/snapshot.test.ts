import { expect, test } from "vitest";
import { snapshotName } from "./snapshot.js";

test("names the file by stream and local time, for every file system", () => {
  const time = new Date(2031, 0, 5, 7, 8, 9);
  expect(snapshotName("Desk / 2: 桌面", time)).toBe("sightline-Desk-2-桌面 2031-01-05 07.08.09.png");
  expect(snapshotName("…", time)).toBe("sightline 2031-01-05 07.08.09.png");
});
